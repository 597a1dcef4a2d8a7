import { join } from "node:path";
import { ifThere } from "lib/base/system/if_there.ts";
import { SCORES_FILE } from "lib/work/search/frame_scores.ts";

/** Something on the disk that was made of other things, and can be made again. */
export interface DerivedFile {
  /** A file or a folder. */
  readonly path: string;
  /** What it is, for people. */
  readonly what: string;
  /** Of all that is in it. */
  readonly bytes: number;
}

/**
 * Finds what was derived from recordings and clips: tracks, scores beside found events, what the label page and the queue
 * have kept in `cache`, and samples that a training left behind that was killed. Nothing of what people made is among it.
 *
 * @param options `data` is the folder of the user's data, `tracks` that of tracks.
 */
export async function findDerivedFiles(
  { data, tracks, cache, samples }: {
    readonly data: string;
    readonly tracks: string;
    readonly cache: string;
    /** Folders of samples that killed trainings left. */
    readonly samples: readonly string[];
  },
): Promise<DerivedFile[]> {
  const found: DerivedFile[] = [];
  const add = async (path: string, what: string) =>
    void found.push({ path, what, bytes: await sizeOf(path) });
  for (const name of await foldersIn(tracks)) await add(join(tracks, name), "tracks of a recording");
  const searched = join(data, "found");
  for (const name of await foldersIn(searched)) {
    const path = join(searched, name, SCORES_FILE);
    if (await isFile(path)) await add(path, "scores of a search");
  }
  if ((await Array.fromAsync(readFolder(cache))).length > 0) {
    await add(cache, "what the label page heard and drew");
  }
  for (const path of samples) {
    await add(path, "samples of a training that was killed");
  }
  return found.toSorted((a, b) => a.path < b.path ? -1 : 1);
}

/** Removes them; those that are gone already do no harm. */
export async function removeDerivedFiles(files: readonly DerivedFile[]): Promise<void> {
  for (const { path } of files) {
    await ifThere(Deno.remove(path, { recursive: true }));
  }
}

async function sizeOf(path: string): Promise<number> {
  const { isDirectory, size } = await Deno.lstat(path);
  if (!isDirectory) return size;
  let total = 0;
  for await (const { name } of Deno.readDir(path)) total += await sizeOf(join(path, name));
  return total;
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await Array.fromAsync(readFolder(folder));
  return entries.filter(({ isDirectory }) => isDirectory).map(({ name }) => name);
}

async function isFile(path: string): Promise<boolean> {
  return await Deno.lstat(path).then((info) => info.isFile, () => false);
}

async function* readFolder(folder: string): AsyncGenerator<Deno.DirEntry> {
  try {
    yield* Deno.readDir(folder);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
