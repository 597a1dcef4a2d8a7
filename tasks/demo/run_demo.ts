import { join } from "node:path";
import { counted } from "lib/base/events/counted.ts";
import type { FoundEvent, SoundEvent } from "lib/base/events/sound_event.ts";
import type { DetectionSettings } from "lib/learning/detect/detection_settings.ts";
import { createModelSearch, fileInput, type SearchResult } from "lib/learning/detect/search.ts";
import { scoreEvents } from "lib/learning/evaluate/score_events.ts";
import { reportScore } from "lib/learning/evaluate/score_report.ts";
import type { Calibration } from "lib/learning/model_package/manifest.ts";
import { type ModelPackage, openPackage } from "lib/learning/model_package/open_package.ts";
import { planEvents, synthesizeStream } from "lib/learning/synthesis/stream.ts";
import { writeStreamFiles } from "lib/learning/synthesis/stream_files.ts";
import { readSamples } from "lib/media/audio/clip.ts";
import { plotScoreTimeline } from "lib/show/plots/score_timeline.ts";
import { writeReport } from "lib/show/report/recording_report.ts";
import { writeFoundFolder } from "lib/work/search/found_folder.ts";
import type { SearchRecord } from "lib/work/search/search_record.ts";
import type { CommandContext } from "tasks/command.ts";
import { describeDemo } from "tasks/demo/describe_demo.ts";
import { listenerFolder } from "lib/work/search/choose_models.ts";
import { foundFiles, scoresFile, toFoundEvents } from "tasks/find/found_files.ts";
import { fileRecording } from "lib/work/search/recordings.ts";
import { followSearch } from "tasks/find/follow_search.ts";
import { planTargets, type Target } from "lib/work/search/targets.ts";

/** What the demo can be told. */
export interface DemoOptions {
  readonly model: string;
  readonly minutes: number;
  readonly events: number;
  readonly seed: string;
  /** Also draws timeline, report and labelling page into this folder, through Chromium. */
  readonly pictures?: string | undefined;
}

type Context =
  & Pick<CommandContext<Record<never, never>>, "signal" | "progress" | "print" | "printJson" | "log">
  & {
    readonly options: DemoOptions;
    /** Where the demo's files go, apart from those of users; `data/demo` by default. */
    readonly folder?: string | undefined;
  };

// The quietest are hard to hear under the game, the loudest stand out.
const SNR_DECIBELS = [0, 15] as const;

/** Synthesises a stream, searches it, scores what was found and writes the report. */
export async function runDemo(context: Context): Promise<void> {
  const { options, signal, log, print, printJson, folder = "data/demo" } = context;
  const model = await openPackage(options.model);
  const label = model.manifest.eventNames[0]!;
  const { recording, truth } = await makeStream(context, label, folder);
  const target = (await planTargets([fileRecording(recording)], join(folder, "found")))[0]!;
  const { result, settings } = await searchStream(context, recording, model, label);
  const threshold = settings.events.onsetThreshold;
  const shortest = { event: settings.events.minDuration ?? 0, smoothing: settings.smoothing.duration };
  const details = {
    formats: ["csv"] as const,
    clips: true,
    url: undefined,
    signal,
    modelName: model.manifest.name,
    threshold,
    calibrations: new Map<string, Calibration>(),
  };
  const events = toFoundEvents(target, result.events, details);
  const report = {
    name: "report.html",
    content: (path: string) => writeDemoReport(path, { ...details, target, events, truth, result, shortest }),
  };
  const record = {
    recording,
    fingerprint: (await target.fingerprint())!,
    search: {
      demo: options.seed,
      model: model.manifest.modelSha256,
      threshold,
    } satisfies SearchRecord["search"],
    duration: result.duration,
    warnings: [],
    events: [...result.events],
  };
  const files = [...foundFiles(target, events, result, details), report, scoresFile(result, record)];
  await writeFoundFolder(target.folder!, record, files, { signal });

  if (options.pictures !== undefined) {
    const timeline = plotScoreTimeline({
      recording,
      scores: result.scores,
      grid: result.grid,
      threshold,
      events,
      annotations: truth,
      durationSeconds: result.duration,
    });
    const { drawPictures } = await import("tasks/demo/draw_pictures.ts");
    await drawPictures(options.pictures, { timeline, recording, label, found: target.folder!, signal });
  }

  const score = reportScore(recording, scoreEvents(truth, events, { duration: result.duration }));
  const other = await listenerFolder();
  print(
    other !== undefined && options.model !== other
      ? `${options.model} listened; on your recordings ${other} will, to which synthetic burps are none`
      : `${options.model} listened`,
  );
  describeDemo({ recording, label, events, truth, score, folder: target.folder! }).forEach(print);
  printJson({ score, events, folder: target.folder });
  log.debug(`truth: ${truth.length} events`);
}

async function makeStream(
  { options, signal, log, progress }: Context,
  label: string,
  folder: string,
): Promise<{ recording: string; truth: readonly SoundEvent[] }> {
  const { seed, minutes, events: count } = options;
  const durationSeconds = 60 * minutes;
  const events = planEvents({ durationSeconds, seed, count, snrDecibels: SNR_DECIBELS });
  const stream = synthesizeStream({ durationSeconds, seed, events, label });
  log.info(`Synthesising ${counted(minutes, "minute")} with ${counted(count, "burp")} ...`);
  const bar = await progress.start("synthesise", durationSeconds, "seconds");
  const { recording } = await writeStreamFiles(join(folder, "demo.wav"), stream, {
    seed,
    chatFolder: folder,
    signal,
    onProgress: (seconds) => bar.update(seconds),
  });
  bar.stop();
  return { recording, truth: stream.truth };
}

async function searchStream(
  { signal, log, progress }: Context,
  recording: string,
  model: ModelPackage,
  label: string,
): Promise<{ result: SearchResult; settings: DetectionSettings }> {
  log.info(`Searching ${recording} with ${model.dir} ...`);
  const { detectionSettings } = await import("lib/learning/detect/detection_settings.ts");
  const [settings] = detectionSettings([model.manifest], { events: [label] });
  const search = createModelSearch([model], { events: [label] });
  const bar = await progress.start("search", 0, "seconds");
  const { onProgress, onEvents } = followSearch(bar);
  try {
    const result = await search.run(fileInput(recording), { signal, onProgress, onEvents });
    return { result, settings: settings! };
  } finally {
    bar.stop();
    await search.close();
  }
}

interface DemoReport {
  readonly target: Target;
  readonly events: readonly FoundEvent[];
  readonly truth: readonly SoundEvent[];
  readonly result: SearchResult;
  readonly modelName: string;
  readonly threshold: number;
  readonly shortest: { readonly event: number; readonly smoothing: number };
  readonly signal: AbortSignal;
}

async function writeDemoReport(path: string, demo: DemoReport): Promise<void> {
  const { target: { recording }, events, truth, result, modelName, threshold, shortest, signal } = demo;
  await writeReport(path, {
    title: "Burps in a synthetic stream",
    recording,
    durationSeconds: result.duration,
    modelName,
    threshold,
    grid: result.grid,
    scores: result.scores,
    events,
    annotations: truth,
    shortest,
    signal,
    clipSamples: async ({ onset, offset }) => {
      const sampleRate = 16_000, start = Math.max(0, onset - 1);
      const window = { sampleRate, start, duration: offset + 1 - start, signal };
      return { samples: await readSamples(recording, window), sampleRate, start };
    },
  });
}
