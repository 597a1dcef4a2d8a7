import { createHash } from "node:crypto";
import { extname, join } from "node:path";
import { writeFileAtomic } from "lib/base/system/atomic_file.ts";
import { readIfThere } from "lib/base/system/if_there.ts";

/** Media segments kept on disk. Each file has its checksum in its name, so that damage on disk is found. */
export interface SegmentCache {
  /** What is kept under the key; nothing where it is missing or damaged. */
  get(key: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** Keeps bytes, whole or not at all. */
  put(key: string, bytes: Uint8Array): Promise<void>;
}

const NAME = /^(.+)-([0-9a-f]{16})(\.[a-z0-9]+)$/;

/** Opens the cache in a folder, which is made when something is kept. */
export async function openSegmentCache(folder: string): Promise<SegmentCache> {
  const names = new Map<string, string>();
  for await (const name of listFiles(folder)) {
    const match = NAME.exec(name);
    if (match) names.set(`${match[1]}${match[3]}`, name);
  }
  return {
    async get(key) {
      const name = names.get(fileKey(key));
      if (name === undefined) return undefined;
      const bytes = await readIfThere(join(folder, name));
      if (bytes && fileName(key, bytes) === name) return bytes;
      names.delete(fileKey(key));
      // Damaged by disk or hand. The name goes with it, or it would hide the file that takes its place.
      if (bytes) await Deno.remove(join(folder, name)).catch(() => {});
      return undefined;
    },
    async put(key, bytes) {
      const name = fileName(key, bytes);
      await Deno.mkdir(folder, { recursive: true });
      await writeFileAtomic(join(folder, name), bytes);
      names.set(fileKey(key), name);
    },
  };
}

async function* listFiles(folder: string): AsyncGenerator<string> {
  try {
    for await (const entry of Deno.readDir(folder)) if (entry.isFile) yield entry.name;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Keys come from addresses; what a file system might mind is replaced, and a checksum keeps them apart. */
function fileKey(key: string): string {
  const extension = /^\.[a-z0-9]{1,5}$/.exec(extname(key).toLowerCase())?.[0] ?? ".bin";
  const stem = key.slice(0, key.length - extname(key).length);
  const safe = stem.replace(/[^A-Za-z0-9_-]/g, "_").slice(0, 80);
  const changed = safe !== stem || extension !== extname(key);
  return `${safe}${changed ? `_${checksum(key).slice(0, 8)}` : ""}${extension}`;
}

function fileName(key: string, bytes: Uint8Array): string {
  const safe = fileKey(key);
  const extension = extname(safe);
  return `${safe.slice(0, -extension.length)}-${checksum(bytes)}${extension}`;
}

function checksum(data: Uint8Array | string): string {
  return createHash("sha256").update(data).digest("hex").slice(0, 16);
}
