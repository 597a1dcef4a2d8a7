import { cp } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { exists } from "lib/base/system/exists.ts";
import { withLock } from "lib/base/system/lock.ts";
import { CACHE_FOLDER } from "tasks/setup/piece.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** What notebooks need of the project. */
const PARTS = ["lib", "notebooks", "models", "deno.json", "deno.lock", "data/README.md"];
const LOCK_MS = 1_800_000;

/**
 * Makes a copy of the project as a fresh clone is, with no data, for the time of `use`.
 *
 * @param name Each has a folder of its own under `.cache`, always the same: Deno keeps what it has compiled by path.
 */
export async function withProjectCopy<T>(
  name: string,
  { signal }: { readonly signal?: AbortSignal | undefined },
  use: (root: string) => Promise<T>,
): Promise<T> {
  const folder = join(CACHE_FOLDER, "clones");
  await Deno.mkdir(folder, { recursive: true });
  const root = join(folder, name);
  return await withLock(`${root}.lock`, async () => {
    await remove(root);
    try {
      for (const part of PARTS) {
        if (await exists(join(ROOT, part))) await cp(join(ROOT, part), join(root, part), { recursive: true });
      }
      await Deno.symlink(join(ROOT, "node_modules"), join(root, "node_modules"), { type: "junction" });
      return await use(root);
    } finally {
      await remove(root);
    }
  }, { timeoutMs: LOCK_MS, signal });
}

/** All files of a copy but those in `data`, by path, each with its size and time. */
export async function listFiles(root: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const visit = async (folder: string) => {
    for await (const entry of Deno.readDir(folder)) {
      const path = join(folder, entry.name);
      const name = relative(root, path);
      if (name === "data" || entry.isSymlink) continue;
      if (entry.isDirectory) {
        files.set(name, "folder");
        await visit(path);
      } else {
        const { size, mtime } = await Deno.stat(path);
        files.set(name, `${size} ${mtime?.getTime()}`);
      }
    }
  };
  await visit(root);
  return files;
}

async function remove(path: string): Promise<void> {
  await Deno.remove(path, { recursive: true }).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
}
