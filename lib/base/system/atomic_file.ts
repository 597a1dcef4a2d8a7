import { basename, dirname, join } from "node:path";
import { fitName } from "lib/base/system/fit_name.ts";
import { ifThere } from "lib/base/system/if_there.ts";

/** A file that appears under its name only when it is whole. */
interface AtomicWriter {
  /** Appends. */
  write(chunk: Uint8Array): Promise<void>;
  /** Overwrites bytes that were written before, such as a header that holds the length; then goes on appending. */
  seekWrite(position: number, chunk: Uint8Array): Promise<void>;
  /** Syncs the bytes to the disk and puts the file in its place, over an earlier one. */
  commit(): Promise<void>;
  /** Drops what was written and leaves an earlier file as it is; does nothing after `commit()`. */
  abort(): Promise<void>;
}

/** Writes a whole file, so that readers and crashes see either the earlier content or all of the new one. */
export async function writeFileAtomic(path: string, data: string | Uint8Array): Promise<void> {
  const writer = await createAtomicWriter(path);
  try {
    await writer.write(typeof data === "string" ? new TextEncoder().encode(data) : data);
    await writer.commit();
  } catch (error) {
    await writer.abort();
    throw error;
  }
}

/** Opens a temporary file beside `path` (its folder must exist) that `commit()` renames to `path`. */
export async function createAtomicWriter(path: string): Promise<AtomicWriter> {
  const target = await followLink(path);
  const temporary = temporaryName(target);
  const file = await Deno.open(temporary, { createNew: true, write: true });
  let open = true;
  return {
    write: (chunk) => writeAll(file, chunk),
    async seekWrite(position, chunk) {
      await file.seek(position, Deno.SeekMode.Start);
      await writeAll(file, chunk);
      await file.seek(0, Deno.SeekMode.End);
    },
    async commit() {
      await file.sync();
      file.close();
      open = false;
      try {
        await Deno.rename(temporary, target);
      } catch (error) {
        await Deno.remove(temporary);
        throw error;
      }
      await syncFolder(dirname(target));
    },
    async abort() {
      if (!open) return;
      open = false;
      file.close();
      await Deno.remove(temporary);
    },
  };
}

/**
 * Makes a new folder that appears under its name only when `fill` has filled it.
 *
 * @param fill Gets the path of a temporary folder beside the target.
 * @throws {Deno.errors.AlreadyExists} when there is something at `path` already; it is left alone.
 */
export async function writeFolderAtomic(
  path: string,
  fill: (folder: string) => Promise<void>,
): Promise<void> {
  await refuseExisting(path);
  const temporary = temporaryName(path);
  await Deno.mkdir(dirname(path), { recursive: true });
  await Deno.mkdir(temporary);
  try {
    await fill(temporary);
    for await (const entry of Deno.readDir(temporary)) {
      if (entry.isFile) await syncFile(join(temporary, entry.name));
    }
    await syncFolder(temporary);
    await refuseExisting(path);
    await Deno.rename(temporary, path);
  } catch (error) {
    await Deno.remove(temporary, { recursive: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

async function refuseExisting(path: string): Promise<void> {
  if (await ifThere(Deno.lstat(path)) === undefined) return;
  throw new Deno.errors.AlreadyExists(`Cannot create the folder ${path}: it exists already`);
}

/** A rename would replace a symbolic link itself, and leave the file that it points to as it was. */
async function followLink(path: string): Promise<string> {
  const info = await ifThere(Deno.lstat(path));
  return info?.isSymlink ? await ifThere(Deno.realPath(path)) ?? path : path;
}

// A leading dot hides the file from globs; the random part keeps two writers of one process apart.
/** Whether a message of the system says that there is no room left on the disk. */
export function isDiskFull(message: string): boolean {
  return /No space left|os error 28|os error 112/.test(message);
}

function temporaryName(path: string): string {
  return join(
    dirname(path),
    `.${fitName(basename(path), 200)}.${Deno.pid}-${crypto.randomUUID().slice(0, 8)}.tmp`,
  );
}

async function writeAll(file: Deno.FsFile, chunk: Uint8Array): Promise<void> {
  let written = 0;
  while (written < chunk.length) written += await file.write(chunk.subarray(written));
}

async function syncFile(path: string): Promise<void> {
  using file = await Deno.open(path, { read: true, write: true });
  await file.sync();
}

/** Makes a rename survive a power cut; Windows cannot open folders and does not need it. */
async function syncFolder(path: string): Promise<void> {
  if (Deno.build.os === "windows") return;
  using folder = await Deno.open(path, { read: true });
  await folder.sync();
}
