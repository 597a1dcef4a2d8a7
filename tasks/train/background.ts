import { basename } from "node:path";
import { readBackground, type SplitBackground } from "lib/learning/dataset/background.ts";
import {
  type BackgroundSource,
  DEFAULT_BACKGROUND,
  planBackground,
} from "lib/learning/dataset/background_plan.ts";
import { clipDuration } from "lib/learning/dataset/clip_file.ts";
import { findClipFiles } from "lib/learning/dataset/clip_files.ts";
import type { LabelEntry } from "lib/learning/dataset/label_entry.ts";
import { annotationsBeside, readEventFile } from "lib/learning/evaluate/event_files.ts";
import { rowsOfRecording } from "lib/learning/evaluate/named_recordings.ts";
import type { Teacher } from "lib/learning/train/heard_background.ts";
import { AudioError } from "lib/media/audio/audio_error.ts";
import {
  type BackgroundFolders,
  harvestedBackground,
  labelledRanges,
  takenRanges,
} from "lib/work/harvest/background_sources.ts";
import type { CommandContext } from "tasks/command.ts";
import { leaveOutHeard } from "tasks/train/teachers.ts";

/** What background is taken from. */
interface BackgroundChoice {
  /** Files and folders that the user named; `none` for no background at all. */
  readonly given: readonly string[];
  readonly events: readonly string[];
  readonly folders: BackgroundFolders;
  /** The labels that hold. */
  readonly current: readonly LabelEntry[];
  readonly sampleRate: number;
  readonly seed: string | number;
  /** Models that hear events of which nobody said anything. */
  readonly teachers: readonly Teacher[];
}

/** Reads windows of the user's recordings in which no event is, and says which they are. */
export async function loadBackground(
  { given, events, folders, current, sampleRate, seed, teachers }: BackgroundChoice,
  { log, progress, signal }: Pick<CommandContext<Record<never, never>>, "log" | "progress" | "signal">,
): Promise<SplitBackground | undefined> {
  if (given.length === 1 && basename(given[0]!) === "none") return undefined;
  const { sources: harvested, missing } = await harvestedBackground(events, folders, current);
  for (const recording of missing) {
    log.warn(
      /^\d+$/.test(recording)
        ? `VOD ${recording} is not on this machine, so that nothing is learnt of its background: ` +
          `deno task find --keep ${recording} fetches and keeps it`
        : `${recording}: not there any more, so that nothing is learnt of its background`,
    );
  }
  const named = await namedSources(given, { events, current, onWarning: (text) => log.warn(text) });
  const sources = joined([...harvested, ...named]);
  if (sources.length === 0) {
    log.info(
      "no recordings to learn background from: name some without the sound, or annotated ones, with --background",
    );
    return undefined;
  }
  const plan = planBackground(sources, { ...DEFAULT_BACKGROUND, seed });
  sources.forEach(({ path, duration }, i) => {
    if (plan.freeSeconds[i]! > 0) return;
    const { windowSeconds } = DEFAULT_BACKGROUND;
    log.warn(
      duration < windowSeconds
        ? `${path}: shorter than ${windowSeconds} s, no background; clips without the sound are --negatives`
        : `${path}: no background, since everywhere the sound was mentioned or is labelled: answer about the clips ` +
          "(deno task label), or name a recording without it (--background)",
    );
  });
  if (plan.parts.length === 0) return undefined;
  const bar = await progress.start("background", sources.length);
  const background = await readBackground(plan, {
    sampleRate,
    signal,
    onProgress: (done) => bar.update(done),
    onWarning: (text) => log.warn(text),
  });
  bar.stop();
  log.info(describe(background, plan.freeSeconds));
  const sure = new Set(
    sources.filter(({ isAnnotated }) => isAnnotated).map(({ recording }) => recording),
  );
  return await leaveOutHeard(background, { teachers, sampleRate, sure }, { log, signal });
}

/** Recordings that the user says are without the event, but where annotations beside them or labels say otherwise. */
async function namedSources(
  given: readonly string[],
  { events, current, onWarning }: {
    readonly events: readonly string[];
    readonly current: readonly LabelEntry[];
    readonly onWarning: (text: string) => void;
  },
): Promise<BackgroundSource[]> {
  const sources: BackgroundSource[] = [];
  for (const path of given) {
    const { isDirectory } = await Deno.stat(path).catch(() => {
      throw new Deno.errors.NotFound(`--background ${path}: there is no such recording or folder`);
    });
    const { paths, skipped } = isDirectory ? await findClipFiles(path) : { paths: [path], skipped: [] };
    for (const { path: link, reason } of skipped) onWarning(`${link}: ${reason}`);
    for (const file of paths) {
      let duration: number;
      try {
        duration = await clipDuration(file);
      } catch (error) {
        if (!(error instanceof AudioError) || !isDirectory) throw error;
        onWarning(`${error.message}; passed over`);
        continue;
      }
      const annotations = await annotationsBeside(file);
      const annotated = annotations === undefined
        ? []
        : rowsOfRecording(await readEventFile(annotations, { label: events[0]! }), file);
      const present = takenRanges(annotated, events);
      if (annotated.length > 0 && present.length === 0) {
        const labels = [...new Set(annotated.map(({ label }) => label))].slice(0, 5).join(", ");
        onWarning(
          `${annotations}: labels ${labels} alone; ${file} is taken to be without ${events.join(", ")}`,
        );
      }
      const taken = [...present, ...labelledRanges(current, [file], events)];
      // Labels of other sounds alone do not say that the event was listened for.
      const isAnnotated = annotations !== undefined && (annotated.length === 0 || present.length > 0);
      sources.push({ recording: basename(file), path: file, duration, taken, isAnnotated });
    }
  }
  return sources;
}

/** One source for each file, with all that anybody says is taken of it. */
function joined(sources: readonly BackgroundSource[]): BackgroundSource[] {
  const real = (path: string): string => Deno.realPathSync(path);
  return [...Map.groupBy(sources, ({ path }) => real(path)).values()].map((same) => ({
    ...same[0]!,
    taken: same.flatMap(({ taken }) => taken),
    isAnnotated: same.some(({ isAnnotated }) => isAnnotated),
  }));
}

function describe({ train, validation, held }: SplitBackground, freeSeconds: readonly number[]): string {
  const windows = train.stretches.length + validation.stretches.length;
  const recordings = freeSeconds.filter((seconds) => seconds > 0).length;
  const hours = freeSeconds.reduce((sum, seconds) => sum + seconds, 0) / 3600;
  const minutes = held.stretches.length / 2;
  return `background: ${windows} windows of ${recordings} recording${recordings === 1 ? "" : "s"} (${
    hours < 1 ? `${(60 * hours).toFixed(0)} min` : `${hours.toFixed(1)} h`
  } clear of mentions and labels), ${minutes.toFixed(0)} min held back to measure false alarms on`;
}
