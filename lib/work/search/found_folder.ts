import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { writeFileAtomic } from "lib/base/system/atomic_file.ts";
import { exists } from "lib/base/system/exists.ts";
import { readSearchRecord, type SearchRecord, writeSearchRecord } from "lib/work/search/search_record.ts";

/** A file that is to be written into a folder of found events. */
export interface FoundFile {
  /** Path inside the folder. */
  readonly name: string;
  /** Its text, or a function that writes it to a path, whole or not at all; false where it could not be made. */
  readonly content: string | ((path: string) => Promise<boolean | void>);
}

/** Thrown for a file that the user changed or made, and that the program would have to overwrite. */
export class UserFileError extends Error {
  override readonly name = "UserFileError";
}

/**
 * Writes found events into a folder, so that it is known at any moment what is whole: the record comes first, marked
 * as unfinished, then the files one by one, each atomically, and the record again.
 *
 * The same search adds to what is there. Another search replaces it: in the subfolders that it writes to, files of the
 * earlier one are removed. Files that a person changed, or that this program did not write, are left alone.
 *
 * @param options `force` overwrites those as well.
 * @throws {UserFileError} If one of the files exists and is not as this program wrote it; nothing is written then.
 */
export async function writeFoundFolder(
  folder: string,
  record: Omit<SearchRecord, "formatVersion" | "files" | "earlierFiles" | "finished">,
  files: readonly FoundFile[],
  options: { readonly force?: boolean; readonly signal?: AbortSignal | undefined } = {},
): Promise<void> {
  const { force = false, signal } = options;
  const before = await readSearchRecord(folder);
  const ours = { ...before?.earlierFiles, ...before?.files };
  if (!force) await refuseUserFiles(folder, files.map((file) => file.name), ours);

  const written = before && isSameSearch(before, record) ? await filesThere(folder, before) : {};
  for (const { name, content } of files) written[name] = typeof content === "string" ? [sha256(content)] : [];
  const folders = new Set(files.map((file) => dirname(file.name)));
  const rest = Object.entries(ours).filter(([name]) => !(name in written));
  const replaced = rest.filter(([name]) => folders.has(dirname(name)));
  const earlierFiles = Object.fromEntries(rest.filter((entry) => !replaced.includes(entry)));

  for (const name of [".", ...folders]) await Deno.mkdir(join(folder, name), { recursive: true });
  // Until all is done, the folder may hold the earlier or the new files.
  const either = Object.fromEntries(
    Object.entries(written).map((
      [name, hashes],
    ) => [name, hashes.length ? [...(ours[name] ?? []), ...hashes] : []]),
  );
  await writeSearchRecord(folder, {
    ...record,
    files: either,
    earlierFiles: Object.fromEntries(rest),
    finished: false,
  });
  for (const { name, content } of files) {
    signal?.throwIfAborted();
    const path = join(folder, name);
    const isThere = await (typeof content === "string" ? writeFileAtomic(path, content) : content(path));
    // So that the next run tries again.
    if (isThere === false) delete written[name];
  }
  for (const [name, known] of replaced) {
    if (await isOurs(folder, name, known)) await Deno.remove(join(folder, name));
  }
  await writeSearchRecord(folder, { ...record, files: written, earlierFiles, finished: true });
}

/** What a record lists, without what was never written because the program was stopped before. */
async function filesThere(folder: string, { files, finished }: SearchRecord): Promise<SearchRecord["files"]> {
  if (finished) return { ...files };
  const there = await Promise.all(
    Object.entries(files).map(async (entry) => await exists(join(folder, entry[0])) ? [entry] : []),
  );
  return Object.fromEntries(there.flat());
}

/** Whether two searches find the same: the same recording, searched in the same way. */
export function isSameSearch(
  a: Pick<SearchRecord, "fingerprint"> & { readonly search: object },
  b: Pick<SearchRecord, "fingerprint"> & { readonly search: object },
): boolean {
  return isDeepStrictEqual([a.fingerprint, a.search], [b.fingerprint, b.search]);
}

/**
 * Makes sure that files can be written without losing anything that a person made.
 *
 * @param names Paths inside the folder.
 * @param earlier What the folder's record says of them.
 * @throws {UserFileError} If one of them exists and is not as this program wrote it.
 */
export async function refuseUserFiles(
  folder: string,
  names: readonly string[],
  earlier?: SearchRecord["files"],
): Promise<void> {
  const record = earlier ? undefined : await readSearchRecord(folder);
  const known = earlier ?? { ...record?.earlierFiles, ...record?.files };
  for (const name of names) {
    if (known[name] && await isOurs(folder, name, known[name])) continue;
    const path = join(folder, name);
    if (await exists(path)) {
      const reason = known[name] ? "was changed since it was written" : "was not written by this program";
      throw new UserFileError(`${path} ${reason}: name another --output, or overwrite it with --force`);
    }
  }
}

/**
 * Whether a file is there as it was written; those without a hash are taken to be.
 *
 * @param known What the folder's record says of it.
 */
export async function isOurs(folder: string, name: string, known: readonly string[]): Promise<boolean> {
  try {
    const path = join(folder, name);
    if (known.length > 0) return known.includes(sha256(await Deno.readFile(path)));
    return (await Deno.lstat(path)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}
