import { basename, join } from "node:path";
import { systemClock } from "lib/base/system/clock.ts";
import type { Clip } from "lib/learning/dataset/clip.ts";
import type { SkippedClip } from "lib/learning/dataset/clip_files.ts";
import { readClipFolders } from "lib/learning/dataset/clip_folder.ts";
import { annotationsBeside, listNames, pairNamedFiles } from "lib/learning/evaluate/event_files.ts";
import { type LabelledClipOptions, readLabelledClips } from "lib/learning/evaluate/labelled_clips.ts";
import { soundFeatures } from "lib/learning/features/model_input.ts";
import { type ModelPackage, openPackage } from "lib/learning/model_package/open_package.ts";
import { type CommandContext, UsageError } from "tasks/command.ts";
import { evaluateOnClips } from "tasks/evaluate/on_clips.ts";
import { evaluateOnRecordings } from "tasks/evaluate/on_recordings.ts";
import { runFolder } from "tasks/evaluate/run_folder.ts";
import { planFolders } from "tasks/train/folders.ts";
import { isMediaName } from "lib/base/events/media_name.ts";

/** What is asked of models. */
interface ModelEvaluation {
  readonly model: readonly string[];
  /** Recordings, or folders of clips or of annotated recordings. */
  readonly paths: readonly string[];
  readonly event: string | undefined;
  readonly positives: readonly string[];
  readonly negatives: readonly string[];
  readonly groupBy: string | undefined;
  readonly classA: "event" | "not-event";
  readonly track: string | undefined;
  readonly threshold: number | undefined;
  readonly untuned: boolean;
  readonly move: boolean;
  readonly report: boolean;
  readonly run: string | undefined;
  readonly collars: readonly number[];
  readonly offsets: boolean;
  readonly overlap: number;
  readonly segment: number;
}

type Context = Pick<
  CommandContext<Record<never, never>>,
  "log" | "print" | "printJson" | "progress" | "signal"
>;

/** Evaluates models on what the paths are: annotated recordings, or folders of labelled clips. */
export async function evaluateModels(job: ModelEvaluation, context: Context): Promise<void> {
  const models: ModelPackage[] = [];
  for (const dir of job.model) models.push(await openPackage(dir));
  const event = commonEvent(models, job.event);
  const folder = await runFolder(job.run, job.model, { now: systemClock.now() });
  const recordings = await annotatedRecordings(job.paths);
  if (recordings.length > 0) {
    if (recordings.length < job.paths.length && !await allFolders(job.paths)) {
      throw new UsageError("recordings and folders of clips are evaluated one after the other, not at once");
    }
    const files = await pairNamedFiles(
      recordings,
      (path) => context.log.info(`${path}: passed over, it is no recording`),
    );
    return await evaluateOnRecordings({ ...job, models, files, event, folder }, context);
  }
  if (job.move && models.length > 1) {
    throw new UsageError("--move takes one model: each has mistakes of its own");
  }
  const rates = new Set(models.map(({ manifest }) => soundFeatures(manifest).sampleRate));
  if (rates.size > 1) {
    throw new RangeError(
      `the models listen at different rates (${[...rates].join(", ")} Hz): evaluate them one after the other`,
    );
  }
  const clips = await readClips(job, soundFeatures(models[0]!.manifest).sampleRate, event, context);
  const positives = clips.filter((clip) => clip.event === event).length;
  if (positives === 0 || positives === clips.length) {
    throw new RangeError(
      `there are ${positives} clips of ${event} and ${clips.length - positives} others: need both`,
    );
  }
  await evaluateOnClips({ ...job, models, clips, event, folder }, context);
}

/** The one event that all models know, or the one that was asked for. */
function commonEvent(models: readonly ModelPackage[], wanted: string | undefined): string {
  const [first, ...others] = models.map(({ manifest }) => manifest.eventNames);
  const common = first!.filter((name) => others.every((names) => names.includes(name)));
  if (wanted !== undefined) {
    const stranger = models.find(({ manifest }) => !manifest.eventNames.includes(wanted));
    if (!stranger) return wanted;
    throw new UsageError(
      `${stranger.dir} does not know "${wanted}", only ${stranger.manifest.eventNames.join(", ")}`,
    );
  }
  if (common.length === 0) throw new UsageError("the models have no event in common");
  if (common.length > 1) throw new UsageError(`say with --event which: ${common.join(", ")}`);
  return common[0]!;
}

/** Recordings among the paths, and those in folders that lie beside their annotations. */
async function annotatedRecordings(paths: readonly string[]): Promise<string[]> {
  const recordings: string[] = [];
  for (const path of paths) {
    const { isDirectory } = await Deno.stat(path).catch(() => {
      throw new Deno.errors.NotFound(`${path} does not exist`);
    });
    if (!isDirectory) {
      recordings.push(path);
      continue;
    }
    for (const name of await listNames(path)) {
      const inside = join(path, name);
      if (isMediaName(name) && await annotationsBeside(inside) !== undefined) recordings.push(inside);
    }
  }
  return recordings;
}

async function allFolders(paths: readonly string[]): Promise<boolean> {
  for (const path of paths) if (!(await Deno.stat(path)).isDirectory) return false;
  return true;
}

async function readClips(
  job: ModelEvaluation,
  sampleRate: number,
  event: string,
  { log, signal }: Context,
): Promise<Clip[]> {
  const pattern = job.groupBy === undefined ? {} : { pattern: new RegExp(job.groupBy) };
  const options: LabelledClipOptions = {
    sampleRate,
    signal,
    event,
    aIsEvent: job.classA === "event",
    ...pattern,
  };
  const clips: Clip[] = [];
  const skipped: SkippedClip[] = [];
  if (job.paths.length > 0) {
    const read = await readLabelledClips(job.paths, options);
    clips.push(...read.clips);
    skipped.push(...read.skipped);
  } else {
    const plan = await planFolders({ ...job, event: [event] });
    const parts = [
      { folders: plan.positives[0]!.folders, event: { event } },
      { folders: plan.negatives, event: {} },
    ];
    for (const part of parts) {
      const read = await readClipFolders(part.folders, { sampleRate, signal, ...pattern, ...part.event });
      clips.push(...read.clips);
      skipped.push(...read.skipped);
    }
  }
  for (const { path, reason } of skipped) log.warn(`${basename(path)}: skipped, ${reason}`);
  return clips;
}
