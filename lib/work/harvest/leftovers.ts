import { join } from "node:path";

/**
 * Removes the unfinished files that a process left behind when it was killed: those that `writeFileAtomic` names after the
 * process. To be called only when that process is known to be gone.
 *
 * @param folders Folders to look in, not those below them; missing ones are no matter.
 */
export async function removeLeftovers(folders: readonly string[], pid: number): Promise<void> {
  for (const folder of folders) {
    try {
      for await (const { name, isFile } of Deno.readDir(folder)) {
        if (isFile && leftBy(name) === pid) await Deno.remove(join(folder, name));
      }
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}

function leftBy(name: string): number | undefined {
  const match = /^\..+\.(\d+)-[0-9a-f]{8}\.tmp$/.exec(name);
  return match ? Number(match[1]) : undefined;
}
