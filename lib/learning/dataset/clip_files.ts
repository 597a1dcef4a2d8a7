import { join } from "node:path";
import { isMediaName } from "lib/base/events/media_name.ts";

/** A file or folder that is not used as a clip, and why. */
export interface SkippedClip {
  readonly path: string;
  readonly reason: string;
}

/** What a folder of clips holds. */
interface ClipFiles {
  /** Files that are sound by their names, sorted. */
  readonly paths: readonly string[];
  /** Links that lead to no clip. */
  readonly skipped: readonly SkippedClip[];
}

/**
 * Finds the clips of a folder and of the folders in it, following links. Links to nothing, and those that lead round, are
 * named; hidden files are left out: they are unfinished downloads and notes of file managers.
 *
 * @throws {Deno.errors.NotFound} If there is no such folder.
 * @throws {Deno.errors.NotADirectory} If it is a file.
 */
export async function findClipFiles(folder: string): Promise<ClipFiles> {
  const paths: string[] = [];
  const skipped: SkippedClip[] = [];
  const visit = async (path: string, above: readonly string[]): Promise<void> => {
    const real = await Deno.realPath(path);
    if (above.some((outer) => outer === real || outer.startsWith(join(real, "/")))) {
      skipped.push({ path, reason: "it is a link to a folder that it lies in" });
      return;
    }
    for await (const entry of Deno.readDir(path)) {
      if (entry.name.startsWith(".")) continue;
      const inside = join(path, entry.name);
      const kind = entry.isSymlink ? await followLink(inside) : entry;
      if (typeof kind === "string") skipped.push({ path: inside, reason: kind });
      else if (kind.isDirectory) await visit(inside, [...above, real]);
      else if (!isMediaName(entry.name)) continue;
      else if (kind.isFile) paths.push(inside);
      else skipped.push({ path: inside, reason: "it is no file" });
    }
  };
  try {
    await visit(folder, []);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) {
      throw new Deno.errors.NotFound(`${folder}: there is no such folder of clips`, { cause });
    }
    if (cause instanceof Deno.errors.NotADirectory) {
      throw new Deno.errors.NotADirectory(`${folder}: this is a file; give the folder of clips it is in`, {
        cause,
      });
    }
    throw cause;
  }
  return { paths: paths.sort(), skipped };
}

/** What a link leads to, or why it leads to nothing. */
async function followLink(path: string): Promise<Deno.FileInfo | string> {
  try {
    return await Deno.stat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "it is a link to nothing";
    if (error instanceof Deno.errors.FilesystemLoop) return "it is a link that leads back to itself";
    if (error instanceof Deno.errors.PermissionDenied) return "it is a link to what may not be read";
    throw error;
  }
}
