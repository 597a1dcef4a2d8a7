import { createHash } from "node:crypto";
import { join } from "node:path";
import { writeFileAtomic } from "lib/base/system/atomic_file.ts";
import { readIfThere } from "lib/base/system/if_there.ts";

/** Things that were made once and may be made again, kept on disk up to a size. */
export interface DiskCache {
  /** What is kept under a key; else what `make` gives, which is then kept. Made once, however many ask at the same time. */
  get(key: string, make: () => Promise<Uint8Array>): Promise<Uint8Array<ArrayBuffer>>;
  /** What is kept under a key. */
  find(key: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  keep(key: string, bytes: Uint8Array): Promise<void>;
  /** Waits until everything is on disk. */
  flush(): Promise<void>;
}

/** A cache in a folder, which appears with the first thing. What was used longest ago goes first. */
export function createDiskCache(folder: string, maxBytes: number): DiskCache {
  /** Sizes by file name, the least recently used first. */
  let sizes: Promise<Map<string, number>> | undefined;
  let total = 0;
  const making = new Map<string, Promise<Uint8Array<ArrayBuffer>>>();
  let keeping: Promise<void> = Promise.resolve();
  const index = () =>
    sizes ??= readIndex(folder).then((map) => {
      total = [...map.values()].reduce((sum, size) => sum + size, 0);
      return map;
    });
  const find = async (key: string) => {
    const [known, name] = [await index(), fileName(key)];
    const size = known.get(name);
    if (size === undefined) return undefined;
    const bytes = await readIfThere(join(folder, name));
    known.delete(name);
    if (bytes) known.set(name, bytes.length);
    // Somebody has cleared the folder.
    else total -= size;
    return bytes;
  };
  const keep = async (key: string, bytes: Uint8Array) => {
    const [known, name] = [await index(), fileName(key)];
    await Deno.mkdir(folder, { recursive: true });
    await writeFileAtomic(join(folder, name), bytes);
    total += bytes.length - (known.get(name) ?? 0);
    known.delete(name);
    known.set(name, bytes.length);
    for (const [oldest, size] of known) {
      if (total <= maxBytes || oldest === name) break;
      known.delete(oldest);
      total -= size;
      await Deno.remove(join(folder, oldest)).catch(() => {});
    }
  };
  return {
    find,
    keep,
    flush: () => keeping,
    async get(key, make) {
      const before = making.get(key) ?? await find(key);
      if (before) return await before;
      const running = making.get(key);
      if (running) return await running;
      const work = make().then((bytes) => Uint8Array.from(bytes));
      // Nobody waits for the disk; what cannot be kept, such as on a full one, is made again.
      keeping = Promise.all([keeping, work]).then(([, bytes]) => keep(key, bytes)).catch(() => {})
        .finally(() => making.delete(key));
      making.set(key, work);
      return await work;
    },
  };
}

const NAME = /^[0-9a-f]{40}$/;

function fileName(key: string): string {
  return createHash("sha256").update(key).digest("hex").slice(0, 40);
}

async function readIndex(folder: string): Promise<Map<string, number>> {
  const files: { name: string; size: number; timeMs: number }[] = [];
  try {
    for await (const { name, isFile } of Deno.readDir(folder)) {
      if (!isFile || !NAME.test(name)) continue;
      const { size, mtime } = await Deno.stat(join(folder, name));
      files.push({ name, size, timeMs: mtime?.getTime() ?? 0 });
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return new Map(files.sort((a, b) => a.timeMs - b.timeMs).map(({ name, size }) => [name, size]));
}
