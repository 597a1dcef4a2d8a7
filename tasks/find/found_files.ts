import { join } from "node:path";
import { deepLink } from "lib/base/events/deep_link.ts";
import { EVENT_FORMATS, type EventFormatName } from "lib/base/events/event_formats.ts";
import type { FoundEvent } from "lib/base/events/sound_event.ts";
import { probabilityOf } from "lib/base/metrics/score_calibration.ts";
import { roundHalfEven } from "lib/base/numbers/round_half_even.ts";
import { isDiskFull, writeFileAtomic } from "lib/base/system/atomic_file.ts";
import { fitName } from "lib/base/system/fit_name.ts";
import type { SearchResult } from "lib/learning/detect/search.ts";
import type { Calibration } from "lib/learning/model_package/manifest.ts";
import { AudioError } from "lib/media/audio/audio_error.ts";
import { writeWav } from "lib/media/audio/wav_writer.ts";
import { createWindowReader, type SoundWindow, type WindowReader } from "lib/media/audio/window_reader.ts";
import type { FoundFile } from "lib/work/search/found_folder.ts";
import { encodeFrameScores, type FrameScores, SCORES_FILE } from "lib/work/search/frame_scores.ts";
import type { SearchRecord } from "lib/work/search/search_record.ts";
import type { Target } from "lib/work/search/targets.ts";

/** Formats that `find` writes. */
export type FindFormat = EventFormatName | "html";

/** What a report shows beside the events. */
export type SearchedScores = Pick<SearchResult, "duration"> & FrameScores;

/** What is made of the events of a recording. */
export interface FoundFileOptions {
  readonly formats: readonly FindFormat[];
  readonly clips: boolean;
  /** Address of the recording, for links to events. */
  readonly url: string | undefined;
  readonly signal: AbortSignal;
  /** Told in one line of what could not be made, but is not needed either. */
  readonly onNote?: (text: string) => void;
  /** Told in one line of a clip that could not be cut. */
  readonly onFailure?: (text: string) => void;
  /** What the report says of the search. */
  readonly modelName: string;
  readonly threshold: number;
  /** What scores of the sounds are worth, by name. */
  readonly calibrations: ReadonlyMap<string, Calibration>;
}

/**
 * The events of a recording with everything that event files say of them.
 *
 * @param kept Files of the same search that are there; their clips are named again.
 */
export function toFoundEvents(
  target: Target,
  events: readonly { onset: number; offset: number; label: string; score: number }[],
  options: Pick<FoundFileOptions, "clips" | "url" | "calibrations">,
  kept: SearchRecord["files"] = {},
): FoundEvent[] {
  return events.map((event) => {
    const calibration = options.calibrations.get(event.label);
    const url = deepLink(options.url ?? target.url ?? target.name, event.onset);
    const clip = clipName(target, event);
    return {
      ...event,
      recording: target.recording,
      ...(calibration && {
        probability: roundHalfEven(probabilityOf(calibration.curve, event.score).probability, 4),
      }),
      ...((options.clips || clip in kept) && target.folder ? { clip: join(target.folder, clip) } : {}),
      ...(url === undefined ? {} : { url }),
    };
  });
}

/** Every format in which a folder may hold events. */
export const FIND_FORMATS: readonly FindFormat[] = [
  ...Object.keys(EVENT_FORMATS) as EventFormatName[],
  "html",
];

/** Name of the file in a format. */
export function formatFileName(format: FindFormat): string {
  return format === "html" ? "report.html" : `events.${EVENT_FORMATS[format].extension}`;
}

/** Names of the files that are to be in the folder. */
export function foundFileNames(
  target: Target,
  events: readonly FoundEvent[],
  options: FoundFileOptions,
): string[] {
  return [
    ...options.formats.map(formatFileName),
    ...(options.formats.includes("html") ? reportSounds(events) : []),
    ...(options.clips ? events.flatMap((event) => clipNames(target, event)) : []),
  ];
}

/**
 * The files that are to be in the folder.
 *
 * @param result Undefined where the events are known from before and no scores were kept; then there can be no report.
 */
export function foundFiles(
  target: Target,
  events: readonly FoundEvent[],
  result: SearchedScores | undefined,
  options: FoundFileOptions,
): FoundFile[] {
  const windows = events.map(({ onset, offset }) => ({ start: Math.max(0, onset), end: offset }));
  const sound = createWindowReader(target.input, windows, { sampleRate: CLIP_RATE, signal: options.signal });
  const files: FoundFile[] = options.clips
    ? events.flatMap((event, i) =>
      clipNames(target, event).map((name) => ({
        name,
        content: (path) =>
          keepGoing(path, options, () =>
            name.endsWith(".mp4")
              ? cutPicture(path, target, event, options)
              : cutSound(path, target, sound, windows[i]!)),
      }))
    )
    : [];
  for (const format of options.formats) {
    if (format !== "html") {
      files.push({
        name: formatFileName(format),
        content: EVENT_FORMATS[format].write(events, {
          title: target.name,
          ...(options.calibrations.size > 0 && { probabilities: true }),
        }),
      });
    } else if (result) {
      files.push({
        name: formatFileName(format),
        content: (path) => writeHtml(path, target, events, result, options),
      });
      // The report writes them; they are named here so that they go when it goes.
      for (const name of reportSounds(events)) files.push({ name, content: () => Promise.resolve() });
    }
  }
  return files;
}

/** The scores of all frames, for views that show them over time. */
export function scoresFile(
  scores: Pick<SearchResult, "grid" | "scores">,
  record: Pick<SearchRecord, "fingerprint" | "search">,
): FoundFile {
  return {
    name: SCORES_FILE,
    content: (path) => writeFileAtomic(path, encodeFrameScores(scores, record)),
  };
}

/** One clip that cannot be cut must not cost the others, nor the events. */
async function keepGoing(
  path: string,
  { signal, onFailure }: FoundFileOptions,
  cut: () => Promise<void>,
): Promise<boolean> {
  try {
    await cut();
    return true;
  } catch (error) {
    signal.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    if (!onFailure || isDiskFull(reason)) throw error;
    onFailure(`${path}: this clip could not be cut (${reason})`);
    return false;
  }
}

async function cutSound(
  path: string,
  target: Target,
  sound: WindowReader,
  window: SoundWindow,
): Promise<void> {
  const samples = await sound.read(window);
  if (samples.length === 0) {
    throw new AudioError(
      target.recording,
      `it has nothing between ${window.start} and ${window.end} s any more`,
    );
  }
  await writeWav(path, samples, { sampleRate: CLIP_RATE });
}

async function cutPicture(
  path: string,
  target: Target,
  event: FoundEvent,
  options: FoundFileOptions,
): Promise<void> {
  const { VideoError } = await import("lib/media/video/cut_video.ts");
  const range = { start: event.onset - PICTURE_CONTEXT, end: event.offset + PICTURE_CONTEXT };
  try {
    await target.cutPicture(range, path, { signal: options.signal });
  } catch (error) {
    // The sound was cut anyway; many video containers hold sound alone.
    if (!(error instanceof VideoError)) throw error;
    options.onNote?.(`no picture for the clips: ${error.message}`);
  }
}

/** Rate of clips and of the sound in a report, in Hz. */
const CLIP_RATE = 16_000;

/** Seconds of picture on both sides of an event: a second shows how it came about. */
const PICTURE_CONTEXT = 1;

/** The clip, and for videos the clip with picture. */
function clipNames(target: Target, event: { onset: number; label: string }): string[] {
  const sound = clipName(target, event);
  return target.hasPicture ? [sound, sound.replace(/wav$/, "mp4")] : [sound];
}

/** Begins with the recording's name, so that clips used for training are known to come from the same one. */
function clipName({ name }: Target, { onset, label }: { onset: number; label: string }): string {
  const safeLabel = fitName(label.replaceAll(/[^\p{L}\p{N}_-]/gu, "_"), LONGEST_LABEL);
  return join("clips", `${name}_${onset.toFixed(3).padStart(9, "0")}_${safeLabel}.wav`);
}

/** In bytes, of the name of a clip. */
const LONGEST_LABEL = 40;

/** Sound on both sides of an event in the report, in seconds. */
const CONTEXT = 1;

/** Folder beside a report that would grow too large with its sounds inside. */
const REPORT_SOUNDS = "report-sounds";
/** Most bytes of sounds inside a report: so much can still be sent as one file. */
const MOST_INSIDE = 10e6;

/** The files of sounds beside a report, in the order of the events; none where they go into the report. */
function reportSounds(events: readonly FoundEvent[]): string[] {
  const seconds = events.reduce((sum, { onset, offset }) => sum + offset - onset + 2 * CONTEXT, 0);
  const bytes = seconds * CLIP_RATE * 2 * 4 / 3;
  if (bytes <= MOST_INSIDE) return [];
  return events.map((_, index) => join(REPORT_SOUNDS, `event-${index + 1}.wav`));
}

async function writeHtml(
  path: string,
  target: Target,
  events: readonly FoundEvent[],
  result: SearchedScores,
  options: FoundFileOptions,
): Promise<void> {
  const { writeReport } = await import("lib/show/report/recording_report.ts");
  const { modelName, threshold, signal } = options;
  const windows = events.map(({ onset, offset }) => ({
    start: Math.max(0, onset - CONTEXT),
    end: offset + CONTEXT,
  }));
  const sound = createWindowReader(target.input, windows, { sampleRate: CLIP_RATE, signal });
  await writeReport(path, {
    title: `Found in ${target.name}`,
    recording: target.recording,
    durationSeconds: result.duration,
    modelName,
    threshold,
    grid: result.grid,
    scores: result.scores,
    events,
    soundFolder: reportSounds(events).length > 0 ? REPORT_SOUNDS : undefined,
    signal,
    clipSamples: async (event) => {
      const window = windows[
        events.findIndex(({ onset, label }) => onset === event.onset && label === event.label)
      ]!;
      return { samples: await sound.read(window), sampleRate: CLIP_RATE, start: window.start };
    },
  });
}
