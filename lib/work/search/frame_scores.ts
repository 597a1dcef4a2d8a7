import { join } from "node:path";
import type { TimeGrid } from "lib/base/events/time_grid.ts";
import { highestOf, type Track } from "lib/base/events/track.ts";
import { decodeTrack, encodeTrack } from "lib/base/events/track_file.ts";
import { fingerprintSchema } from "lib/media/recording/recording_fingerprint.ts";
import { isSameSearch } from "lib/work/search/found_folder.ts";
import type { SearchRecord } from "lib/work/search/search_record.ts";
import { z } from "zod";

/** Name of the file with the scores of all frames, beside the events that were found by them. */
export const SCORES_FILE = "scores.bin";

/** The largest file that is read, in bytes; a day of scores of one sound every 20 ms is 4 MB. */
const MAX_BYTES = 256 * 1024 * 1024;

/** Scores over time. */
export interface FrameScores {
  /** Where in time they are. */
  readonly grid: TimeGrid;
  /** The highest score of each frame, from 0 to 1, shape [T]. */
  readonly scores: Float32Array;
}

/** What was searched, and with what: models with their hashes and everything else, as in the record beside it. */
const madeBySchema = z.strictObject({
  fingerprint: fingerprintSchema,
  search: z.record(z.string(), z.json()),
});

/** Packs the scores of all sounds of a search, with what they belong to. */
export function encodeFrameScores(
  track: Track,
  { fingerprint, search }: Pick<SearchRecord, "fingerprint" | "search">,
): Uint8Array {
  return encodeTrack(track, { fingerprint, search });
}

/**
 * Reads the highest scores out of a folder of found events, each within 1/510 of what it was.
 *
 * @param record The folder's record. Scores of an earlier search, which may be there for a moment, do not count.
 * @returns Undefined where there are none that belong to the record.
 */
export async function readFrameScores(
  folder: string,
  record: Pick<SearchRecord, "fingerprint" | "search">,
): Promise<FrameScores | undefined> {
  const bytes = await readFile(join(folder, SCORES_FILE));
  const kept = bytes && decodeTrack(bytes);
  if (!kept) return undefined;
  const madeBy = madeBySchema.safeParse(kept.madeBy).data;
  if (!madeBy || !isSameSearch(madeBy, record)) return undefined;
  return { grid: kept.track.grid, scores: highestOf(kept.track) };
}

async function readFile(path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    const { isFile, size } = await Deno.stat(path);
    return isFile && size <= MAX_BYTES ? await Deno.readFile(path) : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return undefined;
    throw error;
  }
}
