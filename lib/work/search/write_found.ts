import { EVENT_FORMATS } from "lib/base/events/event_formats.ts";
import type { Track } from "lib/base/events/track.ts";
import type { FoundEvent, SoundEvent } from "lib/base/events/sound_event.ts";
import { isDiskFull, writeFileAtomic } from "lib/base/system/atomic_file.ts";
import { errorMessage } from "lib/base/system/error_message.ts";
import type { SearchResult } from "lib/learning/detect/search.ts";
import { AudioError } from "lib/media/audio/audio_error.ts";
import { writeWav } from "lib/media/audio/wav_writer.ts";
import type { RecordingReport } from "lib/show/report/recording_report.ts";
import { CLIP_RATE, createEventSounds, type EventSounds } from "lib/work/search/event_sounds.ts";
import { type FoundFile, writeFoundFolder } from "lib/work/search/found_folder.ts";
import { type FoundPlan, type PlannedFile, REPORT_SOUNDS } from "lib/work/search/found_plan.ts";
import { encodeFrameScores, type FrameScores, SCORES_FILE } from "lib/work/search/frame_scores.ts";
import type { Target } from "lib/work/search/targets.ts";

/** What a report shows beside the events. */
type SearchedScores = Pick<SearchResult, "duration"> & FrameScores;

/** How the files of a recording are made. */
export interface WriteOptions {
  readonly signal: AbortSignal;
  /** Whether files that the user changed are overwritten. */
  readonly force?: boolean | undefined;
  /** What the report says of the search. */
  readonly modelName: string;
  readonly threshold: number;
  /** More that the report shows; a title in place of the usual one. */
  readonly report?: Partial<Pick<RecordingReport, "title" | "annotations" | "shortest">> | undefined;
  /** Whether tables have a column for how likely events are right. */
  readonly probabilities?: boolean | undefined;
  /** Told in one line of what could not be made, but is not needed either. */
  readonly onNote?: ((text: string) => void) | undefined;
  /** Told in one line of a clip that could not be cut; without it, that is an error. */
  readonly onFailure?: ((text: string) => void) | undefined;
}

/** What was found in a recording. */
interface Found {
  readonly target: Target;
  readonly plan: FoundPlan;
  readonly record: Parameters<typeof writeFoundFolder>[1];
  /** Undefined where the events are known from before and no scores were kept; then there is no report. */
  readonly searched: SearchedScores | undefined;
  /** The scores of all frames that are to be kept. */
  readonly track: Track | undefined;
}

/** Seconds of picture on both sides of an event: a second shows how it came about. */
const PICTURE_CONTEXT = 1;

/**
 * Writes what was found into the recording's folder: scores, clips, tables and report. The sound of events is decoded once.
 *
 * @throws {UserFileError} If a file would have to be overwritten that the user changed.
 */
export async function writeFound(folder: string, found: Found, options: WriteOptions): Promise<void> {
  const { target, plan, record, searched, track } = found;
  const sounds = createEventSounds(target, [...plan.events, ...options.report?.annotations ?? []], {
    around: plan.files.some(isOfReport),
    signal: options.signal,
  });
  const planned = searched ? plan.files : plan.files.filter((file) => !isOfReport(file));
  const files = planned.map((file) => ({
    name: file.name,
    content: contentOf(file, found, sounds, options),
  }));
  if (track) {
    // First, since a search that was cut off later goes on from its record, which holds no scores.
    files.unshift({
      name: SCORES_FILE,
      content: (path) => writeFileAtomic(path, encodeFrameScores(track, record)),
    });
  }
  try {
    await writeFoundFolder(folder, record, files, { force: options.force ?? false, signal: options.signal });
  } finally {
    await sounds.close();
  }
}

function isOfReport({ kind }: PlannedFile): boolean {
  return kind === "report" || kind === "report-sound";
}

function contentOf(
  file: PlannedFile,
  found: Found,
  sounds: EventSounds,
  options: WriteOptions,
): FoundFile["content"] {
  const { target, plan } = found;
  switch (file.kind) {
    case "clip":
      return (path) => keepGoing(path, options, () => cutSound(path, target, sounds, file.event));
    case "picture":
      return (path) => keepGoing(path, options, () => cutPicture(path, target, file.event, options));
    case "table": {
      const { probabilities } = options;
      return EVENT_FORMATS[file.format].write(plan.events, {
        title: target.name,
        probabilities,
      });
    }
    case "report":
      return (path) => writeHtml(path, found, sounds, options);
    case "report-sound":
      // The report writes it.
      return () => Promise.resolve();
  }
}

/** One clip that cannot be cut must not cost the others, nor the events. */
async function keepGoing(
  path: string,
  { signal, onFailure }: WriteOptions,
  cut: () => Promise<void>,
): Promise<boolean> {
  try {
    await cut();
    return true;
  } catch (error) {
    signal.throwIfAborted();
    const reason = errorMessage(error);
    if (!onFailure || isDiskFull(reason)) throw error;
    onFailure(`${path}: this clip could not be cut (${reason})`);
    return false;
  }
}

async function cutSound(
  path: string,
  { recording }: Target,
  sounds: EventSounds,
  event: SoundEvent,
): Promise<void> {
  const samples = await sounds.alone(event);
  if (samples.length === 0) {
    const start = Math.max(0, event.onset);
    throw new AudioError(recording, `it has nothing between ${start} and ${event.offset} s any more`);
  }
  await writeWav(path, samples, { sampleRate: CLIP_RATE });
}

async function cutPicture(
  path: string,
  target: Target,
  { onset, offset }: FoundEvent,
  { signal, onNote }: WriteOptions,
): Promise<void> {
  const { VideoError } = await import("lib/media/video/cut_video.ts");
  try {
    await target.cut({ start: onset - PICTURE_CONTEXT, end: offset + PICTURE_CONTEXT }, path, {
      signal,
    });
  } catch (error) {
    // The sound was cut anyway; many video containers hold sound alone.
    if (!(error instanceof VideoError)) throw error;
    onNote?.(`no picture for the clips: ${error.message}`);
  }
}

async function writeHtml(
  path: string,
  { target, plan, searched }: Found,
  sounds: EventSounds,
  { modelName, threshold, signal, report }: WriteOptions,
): Promise<void> {
  const { writeReport } = await import("lib/show/report/recording_report.ts");
  const { duration, grid, scores } = searched!;
  await writeReport(path, {
    title: `Found in ${target.name}`,
    recording: target.recording,
    durationSeconds: duration,
    modelName,
    threshold,
    grid,
    scores,
    events: plan.events,
    soundFolder: plan.files.some(({ kind }) => kind === "report-sound") ? REPORT_SOUNDS : undefined,
    signal,
    clipSamples: sounds.around,
    ...report,
  });
}
