import { isAbsolute, relative, resolve } from "node:path";
import type { ByteRange, Sendable } from "lib/web/pages/byte_range.ts";
import { HttpProblem } from "lib/web/pages/http_problem.ts";

/** Files that may be read: those below some folders, and some others that the user named. */
export interface FileScope {
  /**
   * The real path of a file, links followed.
   * @throws {HttpProblem} `not-found` if it is no plain file or lies elsewhere, whichever it is.
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
  const missing = () => new HttpProblem("not-found", "there is no such file in the data folder");
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

/** A file as something to send in parts; its tag changes when the file does. */
export async function sendableFile(path: string, type: string): Promise<Sendable> {
  const { size, mtime, ino } = await Deno.stat(path);
  const etag = `"${size.toString(36)}-${(mtime?.getTime() ?? 0).toString(36)}-${(ino ?? 0).toString(36)}"`;
  return { size, type, etag, read: (range) => readFilePart(path, range) };
}

const CHUNK_BYTES = 65_536;

/** The bytes of a part as a stream, so that memory does not grow with it. */
async function readFilePart(
  path: string,
  { start, end }: ByteRange,
): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  const file = await Deno.open(path, { read: true });
  await file.seek(start, Deno.SeekMode.Start);
  let left = end - start;
  return new ReadableStream({
    async pull(controller) {
      try {
        const buffer = new Uint8Array(Math.min(CHUNK_BYTES, left));
        const count = left > 0 ? await file.read(buffer) : null;
        if (count === null) {
          file.close();
          return controller.close();
        }
        left -= count;
        controller.enqueue(buffer.subarray(0, count));
      } catch (error) {
        file.close();
        controller.error(error);
      }
    },
    cancel: () => file.close(),
  }, { highWaterMark: 1 });
}
