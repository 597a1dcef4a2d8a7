import { compareByOnset, type SoundEvent } from "lib/base/events/sound_event.ts";
import { framesToSeconds, type TimeGrid } from "lib/base/events/time_grid.ts";
import {
  type DetectionOverrides,
  type DetectionSettings,
  detectionSettings,
} from "lib/learning/detect/detection_settings.ts";
import { createScorer, type Scorer, type ScorerOptions } from "lib/learning/detect/scorer.ts";
import { createEventTracks } from "lib/learning/detect/track_events.ts";
import type { ModelPackage } from "lib/learning/model_package/open_package.ts";

/** How a detector works. */
export interface DetectorOptions extends ScorerOptions, DetectionOverrides {}

/** A detected event always has a score: the highest smoothed score inside it. */
export type DetectedEvent = SoundEvent & { readonly score: number };

/** What became known with one more stretch of sound. */
export interface Detection {
  /** Index of the first score, on the detector's grid. */
  readonly startFrame: number;
  /** Raw frame scores, before smoothing, shape [t, K] with K the scorer's event names. */
  readonly scores: Float32Array;
  /** Seconds of the recording that are scored by now. */
  readonly scoredUntil: number;
  /** Events that no later sound can change, by onset. */
  readonly events: readonly DetectedEvent[];
}

/** Finds events in recordings and streams. */
export interface Detector {
  /** The rate that samples must have, in Hz. */
  readonly sampleRate: number;
  readonly grid: TimeGrid;
  /** Sounds that are looked for, in the order of the scores. */
  readonly eventNames: readonly string[];
  /** How each sound that is looked for becomes events. */
  readonly settings: readonly DetectionSettings[];
  readonly scorer: Scorer;
  /**
   * Finds events while sound arrives. Each is given once, as soon as it is certain; the last detection comes at
   * the end of the recording. Any number of recordings can be searched at the same time.
   *
   * @param blocks Mono samples at `sampleRate`, in blocks of any size.
   * @param options `startTime` is added to the times of events, for sound that begins later, in seconds.
   */
  detect(
    blocks: AsyncIterable<Float32Array>,
    options?: { readonly signal?: AbortSignal | undefined; readonly startTime?: number },
  ): AsyncGenerator<Detection>;
  /** Waits for what is under way, and ends the threads. */
  close(): Promise<void>;
}

/**
 * Makes a detector of one model, or of several whose scores are averaged. Files and live streams go through it
 * alike, so that their scores are the same.
 *
 * @throws {ModelPackageError} If a network cannot be loaded.
 * @throws {RangeError} If an event is asked for that no model knows.
 */
export async function createDetector(
  models: ModelPackage | readonly ModelPackage[],
  options: DetectorOptions = {},
): Promise<Detector> {
  const packages = "manifest" in models ? [models] : models;
  const settings = detectionSettings(packages.map((model) => model.manifest), options);
  const scorer = await createScorer(packages, {
    ...options,
    events: settings.map(({ events }) => events.label),
  });
  const { sampleRate, grid, eventNames } = scorer;

  async function* detect(
    blocks: AsyncIterable<Float32Array>,
    { signal, startTime = 0 }: { signal?: AbortSignal | undefined; startTime?: number } = {},
  ): AsyncGenerator<Detection> {
    const K = eventNames.length;
    const tracks = createEventTracks(settings, { eventNames, grid, startTime });
    let samples = 0;
    async function* counted(): AsyncGenerator<Float32Array> {
      for await (const block of blocks) {
        samples += block.length;
        yield block;
      }
    }
    let frames = 0;
    for await (const { startFrame, scores } of scorer.score(counted(), { signal })) {
      frames = startFrame + scores.length / K;
      const events = tracks.push(scores);
      const scoredUntil = startTime + Math.max(0, framesToSeconds(frames, grid));
      yield { startFrame, scores, scoredUntil, events };
    }
    const duration = samples / sampleRate;
    yield {
      startFrame: frames,
      scores: new Float32Array(0),
      scoredUntil: startTime + duration,
      events: tracks.flush(duration),
    };
  }
  return { sampleRate, grid, eventNames, settings, scorer, detect, close: () => scorer.close() };
}

/** Finds all events of a recording, by onset, and its duration in seconds. */
export async function detectAll(
  detector: Detector,
  blocks: AsyncIterable<Float32Array>,
  options: {
    readonly signal?: AbortSignal | undefined;
    readonly onProgress?: ((seconds: number) => void) | undefined;
  } = {},
): Promise<{ events: DetectedEvent[]; duration: number }> {
  const events: DetectedEvent[] = [];
  let duration = 0;
  for await (const detection of detector.detect(blocks, options)) {
    events.push(...detection.events);
    duration = detection.scoredUntil;
    options.onProgress?.(duration);
  }
  return { events: events.toSorted(compareByOnset), duration };
}
