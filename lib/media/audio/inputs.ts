import { basename, dirname, join, normalize } from "node:path";
import { isMediaName } from "lib/base/events/media_name.ts";
import { errorMessage } from "lib/base/system/error_message.ts";
import { AudioError } from "lib/media/audio/audio_error.ts";
import { openFileBytes } from "lib/media/audio/byte_source.ts";
import { findGlob, isGlob } from "lib/media/audio/glob.ts";

/**
 * Turns files, folders and globs into files. A file that is named is taken whatever its extension; folders and globs
 * give sound and video files only, folders with all that is below them, hidden files left out, sorted by name.
 *
 * @param options `onError` is told of what was not found or cannot be read, and the others are still given; without
 * it the first of them is thrown.
 * @returns Each file once, in the order of the patterns.
 * @throws {AudioError} for a pattern that gives nothing, if there is no `onError`.
 */
export async function expandInputs(
  patterns: readonly string[],
  { onError }: { onError?: (error: AudioError) => void } = {},
): Promise<string[]> {
  const report = onError ?? ((error: AudioError) => {
    throw error;
  });
  const files = new Set<string>();
  for (const pattern of patterns) {
    for (const file of await expandOne(pattern, report)) files.add(file);
  }
  return [...files];
}

async function expandOne(pattern: string, report: (error: AudioError) => void): Promise<string[]> {
  const info = await Deno.stat(pattern).catch((error) => {
    // A name that cannot be looked up may still be a glob; opening it says what is wrong with it otherwise.
    if (error instanceof Deno.errors.NotCapable) throw error;
  });
  if (info && !info.isDirectory) return [pattern];
  if (info) {
    let told = false;
    const files = await listFolder(pattern, (error) => {
      told = true;
      report(error);
    });
    if (files.length === 0 && !told) {
      report(new AudioError(pattern, "there is no sound or video file in this folder: check the path"));
    }
    return files;
  }
  // Systems write letters with marks in two ways, and what was typed may be the other one.
  const spelt = await otherSpelling(pattern);
  if (spelt !== undefined) return [spelt];
  if (!isGlob(pattern)) {
    report(new AudioError(pattern, "there is no such file or folder: check the path"));
    return [];
  }
  const files = await withoutPrograms((await findGlob(pattern)).filter(isMediaName));
  if (files.length === 0) {
    report(new AudioError(pattern, "no sound or video file has such a name: check the pattern"));
  }
  return files.sort();
}

/** A file whose name looks the same as one that is not there. */
async function otherSpelling(path: string): Promise<string | undefined> {
  const wanted = basename(path).normalize("NFC");
  try {
    for await (const { name, isDirectory } of Deno.readDir(dirname(path))) {
      if (!isDirectory && name.normalize("NFC") === wanted) return join(dirname(path), name);
    }
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
  }
  return undefined;
}

async function listFolder(
  folder: string,
  report: (error: AudioError) => void,
  above: readonly string[] = [],
): Promise<string[]> {
  const files: string[] = [];
  const folders: string[] = [];
  try {
    const real = await Deno.realPath(folder);
    // A link to a folder above would go round for ever.
    if (above.includes(real)) return [];
    above = [...above, real];
    for await (const entry of Deno.readDir(folder)) {
      if (entry.name.startsWith(".")) continue;
      const path = normalize(join(folder, entry.name));
      const isFolder = entry.isSymlink ? await leadsToFolder(path) : entry.isDirectory;
      if (isFolder) folders.push(path);
      else if (isMediaName(path)) files.push(path);
    }
  } catch (error) {
    const reason = errorMessage(error);
    report(
      new AudioError(folder, `this folder cannot be read (${reason}): check its permissions`, {
        cause: error,
      }),
    );
  }
  const below = [];
  for (const path of folders.sort()) below.push(...await listFolder(path, report, above));
  return [...await withoutPrograms(files.sort()), ...below];
}

/** Leaves out TypeScript files, which share their extensions with MPEG transport streams. */
async function withoutPrograms(files: readonly string[]): Promise<string[]> {
  const kept: string[] = [];
  for (const file of files) {
    if (!/\.m?ts$/i.test(file) || await isTransportStream(file)) kept.push(file);
  }
  return kept;
}

async function isTransportStream(path: string): Promise<boolean> {
  const source = await openFileBytes(path).catch(() => undefined);
  if (!source) return true; // opening it will say what is wrong
  const head = await source.peek(5);
  await source.close();
  // Packets begin with 0x47, in the variant of camcorders after a time stamp of four bytes.
  return head[0] === 0x47 || head[4] === 0x47;
}

async function leadsToFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch {
    return false; // a link to nothing; opening it will say so
  }
}
