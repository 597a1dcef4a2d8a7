import { join } from "node:path";
import { LockTimeoutError, withLock } from "lib/base/system/lock.ts";
import { removeLeftovers } from "lib/work/harvest/leftovers.ts";
import type { HarvestFolders } from "tasks/harvest/run_harvest.ts";
import { candidatesFolder, negativesFolder, positivesFolder } from "lib/work/harvest/harvest_folders.ts";

/** Runs while no other harvest writes to the same folders, after clearing up behind one that was killed. */
export async function holdHarvestLock<T>(
  folders: HarvestFolders,
  event: string,
  run: () => Promise<T>,
): Promise<T> {
  await Deno.mkdir(folders.records, { recursive: true });
  const lock = join(folders.records, ".harvest.lock");
  const earlier = Number(await Deno.readTextFile(lock).catch(() => ""));
  try {
    return await withLock(lock, async () => {
      // Whoever held the lock before is gone, or we would not have it.
      if (Number.isInteger(earlier) && earlier > 0 && earlier !== Deno.pid) {
        const clips = [positivesFolder(event), negativesFolder(event), candidatesFolder(event)];
        await removeLeftovers([
          folders.records,
          folders.reports,
          folders.chats,
          ...clips.map((name) => join(folders.clips, name)),
          ...await foldersBelow(folders.vods, 2),
        ], earlier);
      }
      return await run();
    }, { timeoutMs: 500 });
  } catch (error) {
    if (!(error instanceof LockTimeoutError)) throw error;
    throw new Error("another harvest is at work on the same data: wait for it to end", { cause: error });
  }
}

async function foldersBelow(folder: string, depth: number): Promise<string[]> {
  if (depth === 0) return [folder];
  const below: string[] = [];
  try {
    for await (const entry of Deno.readDir(folder)) {
      if (entry.isDirectory) below.push(...await foldersBelow(join(folder, entry.name), depth - 1));
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return below;
}
