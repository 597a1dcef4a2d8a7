import { join } from "node:path";
import { z } from "zod";
import type { TimeGrid } from "lib/base/events/time_grid.ts";
import { isSameSearch } from "lib/work/search/found_folder.ts";
import { fingerprintSchema } from "lib/media/recording/recording_fingerprint.ts";
import type { SearchRecord } from "lib/work/search/search_record.ts";

/** Name of the file with the scores of all frames, beside the events that were found by them. */
export const SCORES_FILE = "scores.bin";

/** Version of the file's format. */
const SCORES_VERSION = 1;
/** The largest file that is read, in bytes; a day of scores every 20 ms is 4 MB. */
const MAX_BYTES = 64 * 1024 * 1024;
const NEWLINE = 10;

/** Scores over time. */
export interface FrameScores {
  /** Where in time they are. */
  readonly grid: TimeGrid;
  /** From 0 to 1, shape [T]. */
  readonly scores: Float32Array;
}

const headerSchema = z.strictObject({
  formatVersion: z.literal(SCORES_VERSION),
  /** What was searched, and with what: models with their hashes and everything else, as in the record beside it. */
  fingerprint: fingerprintSchema,
  search: z.record(z.string(), z.json()),
  grid: z.strictObject({ startTime: z.number(), period: z.number().positive() }),
  frames: z.int().min(0),
});

/**
 * Packs the scores of a search: a line of JSON that says what they belong to, then a byte for each frame. An hour of
 * frames of 80 ms is 45 kB; a step of 1/255 is finer than any plot.
 *
 * @param scores Clipped to 0 to 1.
 */
export function encodeFrameScores(
  { grid, scores }: FrameScores,
  { fingerprint, search }: Pick<SearchRecord, "fingerprint" | "search">,
): Uint8Array {
  const header: z.infer<typeof headerSchema> = {
    formatVersion: SCORES_VERSION,
    fingerprint,
    search,
    grid,
    frames: scores.length,
  };
  const line = new TextEncoder().encode(`${JSON.stringify(header)}\n`);
  const bytes = new Uint8Array(line.length + scores.length);
  bytes.set(line);
  for (let t = 0; t < scores.length; t++) {
    bytes[line.length + t] = Math.round(255 * Math.min(1, Math.max(0, scores[t]!)));
  }
  return bytes;
}

/**
 * Reads the scores of a folder of found events, each within 1/510 of what it was.
 *
 * @param record The folder's record. Scores of an earlier search, which may be there for a moment, do not count.
 * @returns Undefined where there are none that belong to the record.
 */
export async function readFrameScores(
  folder: string,
  record: Pick<SearchRecord, "fingerprint" | "search">,
): Promise<FrameScores | undefined> {
  const bytes = await readFile(join(folder, SCORES_FILE));
  const end = bytes?.indexOf(NEWLINE) ?? -1;
  if (bytes === undefined || end < 0) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes.subarray(0, end)));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  const header = headerSchema.safeParse(value).data;
  if (!header || header.frames !== bytes.length - end - 1 || !isSameSearch(header, record)) return undefined;
  return { grid: header.grid, scores: Float32Array.from(bytes.subarray(end + 1), (byte) => byte / 255) };
}

async function readFile(path: string): Promise<Uint8Array | undefined> {
  try {
    const { isFile, size } = await Deno.stat(path);
    return isFile && size <= MAX_BYTES ? await Deno.readFile(path) : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return undefined;
    throw error;
  }
}
