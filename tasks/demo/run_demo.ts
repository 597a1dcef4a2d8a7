import { join } from "node:path";
import { counted } from "lib/base/events/counted.ts";
import type { SoundEvent } from "lib/base/events/sound_event.ts";
import type { Random } from "lib/base/numbers/random.ts";
import type { DetectionSettings } from "lib/learning/detect/detection_settings.ts";
import { createModelSearch, type SearchResult } from "lib/learning/detect/search.ts";
import { scoreEvents } from "lib/learning/evaluate/score_events.ts";
import { reportScore } from "lib/learning/evaluate/score_report.ts";
import { type ModelPackage, openPackage } from "lib/learning/model_package/open_package.ts";
import { synthesizeBurp } from "lib/learning/synthesis/burp.ts";
import { planEvents, synthesizeStream } from "lib/learning/synthesis/stream.ts";
import { writeStreamFiles } from "lib/learning/synthesis/stream_files.ts";
import { plotScoreTimeline } from "lib/show/plots/score_timeline.ts";
import type { CommandContext } from "tasks/command.ts";
import { describeDemo } from "tasks/demo/describe_demo.ts";
import { chooseModels } from "lib/work/search/choose_models.ts";
import { planFound } from "lib/work/search/found_plan.ts";
import { fileRecording } from "lib/media/recording/file_recording.ts";
import { followSearch } from "tasks/find/follow_search.ts";
import { planTargets } from "lib/work/search/targets.ts";
import { writeFound } from "lib/work/search/write_found.ts";

/** What the demo can be told. */
interface DemoOptions {
  /** Its folder; what `find` asks where absent. */
  readonly model?: string | undefined;
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

// Somebody who burps for at least a second into a near microphone, in no room, with the game turned down. The listener
// misses shorter ones, and those over louder games, more often.
const SNR_DECIBELS = [25, 40] as const;
const BED = { musicDecibels: -45, ambienceDecibels: -58 } as const;
const SHORTEST_SECONDS = 1, LONGEST_SECONDS = 2.5;

function synthesizeCloseBurp(random: Random, { sampleRate }: { sampleRate: number }): Float32Array {
  const duration = SHORTEST_SECONDS * (LONGEST_SECONDS / SHORTEST_SECONDS) ** random.next();
  return synthesizeBurp(random, { sampleRate, duration, dry: true });
}

/** Synthesises a stream, searches it, scores what was found and writes the report. */
export async function runDemo(context: Context): Promise<void> {
  const { options, signal, log, print, printJson, folder = "data/demo" } = context;
  const { model: folders } = await chooseModels({
    model: options.model === undefined ? [] : [options.model],
    event: [],
    sound: [],
  });
  const model = await openPackage(folders[0]!);
  const { eventNames } = model.manifest;
  const label = eventNames.includes("burp") ? "burp" : eventNames[0]!;
  const { recording, truth } = await makeStream(context, label, folder);
  const target = (await planTargets([fileRecording(recording)], join(folder, "found")))[0]!;
  const { result, settings } = await searchStream(context, recording, model, label);
  const threshold = settings.events.onsetThreshold;
  const plan = planFound(target, result.events, {
    formats: ["csv", "html"],
    clips: true,
    calibrations: new Map(),
  });
  const { events } = plan;
  const record = {
    recording,
    fingerprint: (await target.fingerprint())!,
    search: { demo: options.seed, model: model.manifest.modelSha256, threshold },
    duration: result.duration,
    warnings: [],
    events: [...result.events],
  };
  await writeFound(target.folder!, { target, plan, record, searched: result, track: result.track }, {
    signal,
    modelName: model.manifest.name,
    threshold,
    report: {
      title: "Burps in a synthetic stream",
      annotations: truth,
      shortest: { event: settings.events.minDuration ?? 0, smoothing: settings.smoothing.duration },
    },
  });

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
  print(`${model.dir} listened. These burps are long and near to the microphone: expect less of recordings`);
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
  const stream = synthesizeStream({
    durationSeconds,
    seed,
    events,
    label,
    ...BED,
    synthesizeEvent: synthesizeCloseBurp,
  });
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
    const result = await search.run(fileRecording(recording), { signal, onProgress, onEvents });
    return { result, settings: settings! };
  } finally {
    bar.stop();
    await search.close();
  }
}
