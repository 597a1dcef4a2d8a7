import { join } from "node:path";
import { z } from "zod";
import { writeFileAtomic } from "lib/base/system/atomic_file.ts";

const event = z.strictObject({
  onset: z.number(),
  offset: z.number(),
  label: z.string(),
  score: z.number().exactOptional(),
});

/** Models that were evaluated on clips. */
const clipRunSchema = z.strictObject({
  format: z.literal(1),
  kind: z.literal("clips"),
  /** When, as an ISO 8601 time. */
  at: z.iso.datetime({ offset: true }),
  event: z.string(),
  clips: z.array(z.strictObject({ path: z.string(), group: z.string(), positive: z.boolean() })),
  systems: z.array(z.strictObject({
    name: z.string(),
    threshold: z.number(),
    /** Of each clip. */
    scores: z.array(z.number()),
  })),
});

/** Models that were evaluated on annotated recordings. */
const recordingRunSchema = z.strictObject({
  format: z.literal(1),
  kind: z.literal("recordings"),
  at: z.iso.datetime({ offset: true }),
  event: z.string(),
  recordings: z.array(z.strictObject({
    path: z.string(),
    /** Seconds. */
    duration: z.number().positive(),
    annotations: z.array(event),
  })),
  systems: z.array(z.strictObject({
    name: z.string(),
    threshold: z.number(),
    /** What was found in each recording. */
    found: z.array(z.array(event)),
  })),
});

const runSchema = z.discriminatedUnion("kind", [clipRunSchema, recordingRunSchema]);

export type ClipRun = z.infer<typeof clipRunSchema>;
export type RecordingRun = z.infer<typeof recordingRunSchema>;
/** Everything of an evaluation that later ones are compared with. */
export type EvaluationRun = z.infer<typeof runSchema>;

/** Name of the file in a run's folder. */
const RUN_FILE = "evaluation.json";

/** Keeps an evaluation in its folder, which is made. */
export async function writeRun(folder: string, run: EvaluationRun): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  await writeFileAtomic(join(folder, RUN_FILE), `${JSON.stringify(run)}\n`);
}

/**
 * Reads an evaluation.
 * @throws {SyntaxError} With the path, if it is none.
 */
async function readRun(folder: string): Promise<EvaluationRun> {
  const path = join(folder, RUN_FILE);
  try {
    return runSchema.parse(JSON.parse(await Deno.readTextFile(path)));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) throw error;
    throw new SyntaxError(`${path}: this is no evaluation of this program; delete it or evaluate again`, {
      cause: error,
    });
  }
}

/** Reads the evaluations kept below a folder, by name. Folders without one are passed over. */
export async function listRuns(root: string): Promise<{ name: string; run: EvaluationRun }[]> {
  const runs: { name: string; run: EvaluationRun }[] = [];
  const names: string[] = [];
  try {
    for await (const entry of Deno.readDir(root)) if (entry.isDirectory) names.push(entry.name);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  for (const name of names.sort()) {
    const isRun = await Deno.stat(join(root, name, RUN_FILE)).then(({ isFile }) => isFile, () => false);
    if (isRun) runs.push({ name, run: await readRun(join(root, name)) });
  }
  return runs;
}
