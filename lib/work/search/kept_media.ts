import { join } from "node:path";
import { createAtomicWriter } from "lib/base/system/atomic_file.ts";

/** The media of a VOD in one file that players understand: `<folder>/<VOD id>.ts`, `.mp4` or `.aac`. */
interface KeptMedia {
  /** The file, if all of the VOD is kept. */
  readonly whole: string | undefined;
  /** Whether what there was of a VOD with holes, or of one that still runs, is kept. */
  readonly isPartial: boolean;
}

const EXTENSIONS = [".ts", ".mp4", ".aac"];

/** Looks for the media of a VOD. */
export async function findKeptMedia(folder: string, vodId: string): Promise<KeptMedia> {
  const find = async (name: string) => {
    for (const extension of EXTENSIONS) {
      const path = join(folder, `${name}${extension}`);
      if (await Deno.stat(path).then((info) => info.isFile, () => false)) return path;
    }
  };
  return { whole: await find(vodId), isPartial: await find(partialName(vodId)) !== undefined };
}

/** Writes the media of a VOD as it comes. */
export interface MediaKeeper {
  write(bytes: Uint8Array): Promise<void>;
  /**
   * Puts the file in its place.
   * @param isWhole Whether it is all of the VOD; else the file is named `<VOD id>-incomplete`.
   * @returns Path of the file.
   */
  commit(isWhole: boolean): Promise<string>;
  /** Drops what was written. */
  abort(): Promise<void>;
}

/** Begins to keep a VOD. The file appears when it is finished. */
export async function createMediaKeeper(
  folder: string,
  vodId: string,
  extension: string,
): Promise<MediaKeeper> {
  await Deno.mkdir(folder, { recursive: true });
  const pathOf = (isWhole: boolean) => join(folder, `${isWhole ? vodId : partialName(vodId)}${extension}`);
  const partial = pathOf(false);
  const writer = await createAtomicWriter(partial);
  return {
    write: writer.write,
    async commit(isWhole) {
      await writer.commit();
      if (!isWhole) return partial;
      await Deno.rename(partial, pathOf(true));
      return pathOf(true);
    },
    abort: writer.abort,
  };
}

/** Ending of the file for media with these segments. */
export function mediaExtension(segment: { readonly url: string; readonly map?: unknown }): string {
  if (segment.map) return ".mp4";
  return /\.aac$/i.test(new URL(segment.url).pathname) ? ".aac" : ".ts";
}

function partialName(vodId: string): string {
  return `${vodId}-incomplete`;
}
