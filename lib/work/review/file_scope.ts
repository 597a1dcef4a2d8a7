import { isAbsolute, relative, resolve } from "node:path";
import { ReviewError } from "lib/work/review/review_error.ts";

/** Files that may be read: those below some folders, and some others that the user named. */
export interface FileScope {
  /**
   * The real path of a file, links followed.
   * @throws {ReviewError} `not-found` if it is no plain file or lies elsewhere, whichever it is.
   */
  realFile(path: string): Promise<string>;
}

/**
 * Confines files to folders. Folders and files that are named here may be links themselves; links in them must not lead out.
 */
export function createFileScope(options: {
  readonly folders: readonly string[];
  readonly files?: readonly string[];
}): FileScope {
  const missing = () => new ReviewError("not-found", "there is no such file in the data folder");
  // Looked up each time: folders appear while the server runs.
  const real = async (paths: readonly string[]) =>
    (await Promise.all(paths.map((path) => Deno.realPath(path).catch(() => undefined))))
      .filter((path) => path !== undefined);
  return {
    async realFile(path) {
      if (path.includes("\0") || isForeignPath(path)) throw missing();
      const file = await Deno.realPath(resolve(path)).catch(() => {
        throw missing();
      });
      const isInside = (await real(options.folders)).some((folder) => isBelow(file, folder)) ||
        (await real(options.files ?? [])).includes(file);
      if (!isInside || !(await Deno.stat(file)).isFile) throw missing();
      return file;
    },
  };
}

/** Paths of Windows mean something there only; streams (`name:stream`) and devices are nothing to read anywhere. */
function isForeignPath(path: string): boolean {
  if (Deno.build.os !== "windows") return /^[A-Za-z]:|\\/.test(path);
  return /^[\\/]{2}/.test(path) || path.replace(/^[A-Za-z]:/, "").includes(":");
}

function isBelow(file: string, folder: string): boolean {
  const way = relative(folder, file);
  return way !== "" && way !== ".." && !way.startsWith("../") && !way.startsWith("..\\") && !isAbsolute(way);
}
