import { join, resolve } from "node:path";
import { z } from "zod";
import { writeFileAtomic } from "lib/base/system/atomic_file.ts";
import { fileRecording } from "lib/media/recording/file_recording.ts";

const seconds = z.number();

const candidateSchema = z.strictObject({
  onset: seconds,
  offset: seconds,
  /** Seconds from the onset to the first message. */
  delay: seconds,
  probability: z.number(),
  /** In decibels. */
  salience: z.number(),
  level: z.number(),
  modelScore: z.number().exactOptional(),
  /** Clip in the folder of clips; absent where none was cut. */
  clip: z.string().exactOptional(),
});

/**
 * What becomes of a mention.
 *
 * `found`: the first candidate became a positive clip. `unsure`: no candidate is probable enough, so that a person has to
 * decide. `duplicate`: an earlier mention is about the same sound. `outside`: the recording does not reach there. `muted`:
 * all of the window is silent. `no-onset`: nothing in it stands out. `unavailable`: its sound could not be had.
 */
export const MENTION_OUTCOMES = [
  "found",
  "unsure",
  "duplicate",
  "outside",
  "muted",
  "no-onset",
  "unavailable",
] as const;

const mentionSchema = z.strictObject({
  /** First and last message, in seconds of the recording. */
  time: seconds,
  lastTime: seconds,
  votes: z.number(),
  count: z.number(),
  outcome: z.enum(MENTION_OUTCOMES),
  /** What went wrong, or what it duplicates. */
  reason: z.string().exactOptional(),
  /** Sha256 of the model that was asked. */
  model: z.string().exactOptional(),
  candidates: z.array(candidateSchema),
});

const negativeSchema = z.strictObject({
  start: seconds,
  end: seconds,
  kind: z.enum(["loud", "quiet", "hard"]),
  /** In decibels of full scale. */
  level: z.number(),
  modelScore: z.number().exactOptional(),
  clip: z.string(),
});

const recordSchema = z.strictObject({
  formatVersion: z.literal(1),
  event: z.string(),
  command: z.string(),
  /** As the ledger calls it. */
  recording: z.string(),
  /** What clip names begin with. */
  name: z.string(),
  /** Length, in seconds, once known. */
  duration: seconds.exactOptional(),
  origin: z.record(z.string(), z.union([z.string(), z.number()])).exactOptional(),
  chat: z.strictObject({
    file: z.string(),
    messages: z.number(),
    commands: z.number(),
    botCommands: z.number(),
    hints: z.number(),
  }),
  mentions: z.array(mentionSchema),
  negatives: z.array(negativeSchema),
  /** Places that a model takes for the sound though nobody mentioned it, which wait for a person. */
  unmentioned: z.array(negativeSchema).exactOptional(),
  /** Which negatives were asked for when they were chosen last. */
  negativesFor: z.strictObject({ wanted: z.number(), model: z.string().exactOptional() }).exactOptional(),
  /** Parts of the recording that Twitch has muted. */
  muted: z.array(z.strictObject({ start: seconds, end: seconds })),
  /** Why the recording could not be harvested, or not all of it. */
  problems: z.array(z.string()),
});

/** What harvesting made of one recording; the memory of the next run and the matter of the report. */
export type HarvestRecord = z.infer<typeof recordSchema>;
/** What became of one mention. */
export type MentionRecord = z.infer<typeof mentionSchema>;
/** A candidate as it is remembered. */
export type CandidateRecord = z.infer<typeof candidateSchema>;
/** A negative clip as it is remembered. */
export type NegativeRecord = z.infer<typeof negativeSchema>;

/** Where the record of a recording lies in the folder of records. */
export function recordPath(folder: string, event: string, name: string): string {
  return join(folder, `${event}-${name.replaceAll(/[^\w.-]/g, "_")}.json`);
}

/**
 * The name of a recording that is on this machine, for its record and its clips: `name`, or with a piece of the recording's id
 * where that name belongs to another one, which lies in another folder.
 *
 * @param records Folder of the records.
 * @throws {SyntaxError} As {@linkcode readHarvestRecord}.
 */
export async function harvestName(
  records: string,
  event: string,
  { name, path }: { readonly name: string; readonly path: string },
): Promise<string> {
  const record = await readHarvestRecord(recordPath(records, event, name));
  if (!record || resolve(record.recording) === resolve(path)) return name;
  const [id, other] = await Promise.all([path, record.recording].map((file) => fileRecording(file).id()));
  // One that was moved or copied is the same; of one that is gone nobody can say that it is not.
  return id === undefined || other === undefined || id === other ? name : `${name}-${id.slice(-8)}`;
}

/**
 * Reads a record; nothing where there is none.
 *
 * @throws {SyntaxError} if it is damaged or of another version; its message says what to do.
 */
export async function readHarvestRecord(path: string): Promise<HarvestRecord | undefined> {
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  try {
    return recordSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new SyntaxError(
      `${path} is no record of a harvest, or of another version: remove it, and the next run makes a new one`,
      { cause },
    );
  }
}

/** Writes a record, whole or not at all. */
export async function writeHarvestRecord(path: string, record: HarvestRecord): Promise<void> {
  await writeFileAtomic(path, `${JSON.stringify(recordSchema.parse(record), null, 1)}\n`);
}

/** All records of an event in a folder, by name. */
export async function readHarvestRecords(folder: string, event: string): Promise<HarvestRecord[]> {
  const names: string[] = [];
  try {
    for await (const entry of Deno.readDir(folder)) {
      if (entry.isFile && entry.name.startsWith(`${event}-`) && entry.name.endsWith(".json")) {
        names.push(entry.name);
      }
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  const records = await Promise.all(names.sort().map((name) => readHarvestRecord(join(folder, name))));
  return records.filter((record) => record?.event === event) as HarvestRecord[];
}
