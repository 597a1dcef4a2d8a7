import type { TimeGrid } from "lib/base/events/time_grid.ts";
import { detectionSettings } from "lib/learning/detect/detection_settings.ts";
import { createEarlyDetector } from "lib/learning/detect/early_detector.ts";
import type { Hearing, TimedBlock } from "lib/learning/detect/hearing.ts";
import { scoreGrid } from "lib/learning/detect/scorer.ts";
import { soundFeatures } from "lib/learning/features/model_input.ts";
import { openModels } from "lib/work/search/choose_models.ts";
import { UsageError } from "tasks/command.ts";

/** A detector for a bot. */
export interface PreparedHearing {
  readonly event: string;
  readonly threshold: number;
  /** In Hz, of the sound that it wants. */
  readonly sampleRate: number;
  readonly modelName: string;
  /** What should be known of a model that nobody named. */
  readonly note: string | undefined;
  readonly grid: TimeGrid;
  /** Column of the event in the scores, and their number. */
  readonly column: number;
  readonly width: number;
  hear(blocks: AsyncIterable<TimedBlock>, threshold: number): AsyncIterable<Hearing>;
}

/** Silence that is heard before anything else, in seconds: an early look's whole reach, and some more. */
const WARM_UP_SECONDS = 12;

/**
 * Opens the models that the options name, and runs them on silence once: the first run takes many times as long as those
 * after it, and the first event must not wait for that.
 *
 * @throws {SearchChoiceError} If no model knows the event; {ModelPackageError} if a model cannot be used.
 */
export async function prepareHearing(choices: {
  readonly model: readonly string[];
  readonly votes: number | undefined;
  readonly event: string | undefined;
  readonly sound: string | undefined;
  readonly threshold: number | undefined;
}, signal: AbortSignal): Promise<PreparedHearing> {
  const { models: opened, known, events, note } = await openModels({
    model: choices.model,
    event: choices.event === undefined ? [] : [choices.event],
    sound: choices.sound === undefined ? [] : [choices.sound],
  });
  const event = events[0] ?? known[0]!;
  const models = opened.filter(({ manifest }) => manifest.eventNames.includes(event));
  const manifests = models.map(({ manifest }) => manifest);
  if (choices.votes !== undefined && choices.votes > models.length) {
    throw new UsageError(`--votes ${choices.votes} is more than there are models (${models.length})`);
  }
  const overrides = choices.threshold === undefined ? {} : { threshold: choices.threshold };
  const [settings] = detectionSettings(manifests, { events: [event], ...overrides });
  const votes = choices.votes === undefined ? {} : { votes: choices.votes };
  const threshold = settings!.events.onsetThreshold;
  const sampleRate = Math.max(...manifests.map((manifest) => soundFeatures(manifest).sampleRate));
  const hear: PreparedHearing["hear"] = async function* (blocks, threshold) {
    const detector = await createEarlyDetector(models, { events: [event], threshold, ...votes });
    try {
      yield* detector.listen(blocks, { signal });
    } finally {
      await detector.close();
    }
  };
  for await (const _ of hear(silence(WARM_UP_SECONDS, sampleRate), threshold));
  return {
    event,
    note,
    threshold,
    sampleRate,
    modelName: manifests.map(({ name }) => name).join(" and "),
    grid: manifests.map(scoreGrid).toSorted((a, b) => a.period - b.period)[0]!,
    // The detector scores what it is asked for alone.
    column: 0,
    width: 1,
    hear,
  };
}

/** Silence as a live stream would give it. */
async function* silence(seconds: number, sampleRate: number): AsyncGenerator<TimedBlock> {
  for (let streamTime = 0; streamTime < seconds; streamTime += 2) {
    yield await Promise.resolve({
      samples: new Float32Array(2 * sampleRate),
      streamTime,
      endsSegment: true,
    });
  }
}
