import { join } from "node:path";
import { z } from "zod";
import { writeFileAtomic } from "lib/base/system/atomic_file.ts";
import { fingerprintSchema } from "lib/media/recording/recording_fingerprint.ts";

/** Name of the file that says what a folder of found events holds and how it came about. */
export const RECORD_FILE = "search.json";

/** Version of the record's format. */
const RECORD_VERSION = 1;

const recordSchema = z.strictObject({
  formatVersion: z.literal(RECORD_VERSION),
  /** Path of the recording, as it was given. */
  recording: z.string(),
  fingerprint: fingerprintSchema,
  /** What was searched with: models with their hashes, thresholds, and everything else that shapes the events. */
  search: z.record(z.string(), z.json()),
  /** When it was learnt what scores are worth, by sound, as far as the files say so; shapes no event. */
  calibrations: z.record(z.string(), z.string()).exactOptional(),
  /** Seconds that were searched. */
  duration: z.number().min(0),
  /** What was wrong with the recording. */
  warnings: z.array(z.string()),
  events: z.array(z.strictObject({
    onset: z.number(),
    offset: z.number(),
    label: z.string(),
    score: z.number(),
  })),
  /**
   * Files in the folder that this program wrote, or was about to write; for those that people may edit, the
   * sha256 of what was written.
   */
  files: z.record(z.string(), z.array(z.string())),
  /** The same for what is left of earlier, different searches. */
  earlierFiles: z.record(z.string(), z.array(z.string())),
  /** Whether all of them were written. */
  finished: z.boolean(),
});

/** What a folder of found events holds and how it came about. */
export type SearchRecord = z.infer<typeof recordSchema>;

/** Reads the record of a folder; undefined where there is none, or one that this program does not understand. */
export async function readSearchRecord(folder: string): Promise<SearchRecord | undefined> {
  let value: unknown;
  try {
    value = JSON.parse(await Deno.readTextFile(join(folder, RECORD_FILE)));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof SyntaxError) return undefined;
    throw error;
  }
  // One that was changed or is of another version only means that the search is done again.
  return recordSchema.safeParse(value).data;
}

/** Writes the record of a folder, over an earlier one. */
export async function writeSearchRecord(
  folder: string,
  record: Omit<SearchRecord, "formatVersion">,
): Promise<void> {
  const value = { formatVersion: RECORD_VERSION, ...record } satisfies SearchRecord;
  await writeFileAtomic(join(folder, RECORD_FILE), `${JSON.stringify(value, null, 2)}\n`);
}
