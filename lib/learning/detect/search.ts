import { compareByOnset } from "lib/base/events/sound_event.ts";
import type { TimeGrid } from "lib/base/events/time_grid.ts";
import type { Track } from "lib/base/events/track.ts";
import { detectionSettings } from "lib/learning/detect/detection_settings.ts";
import { createScoreBytes } from "lib/learning/detect/score_tracks.ts";
import { scoreGrid } from "lib/learning/detect/scorer.ts";
import {
  createDetector,
  type DetectedEvent,
  type Detector,
  type DetectorOptions,
} from "lib/learning/detect/streaming_detector.ts";
import type { KeptTracks } from "lib/learning/detect/track_extractor.ts";
import type { ModelPackage } from "lib/learning/model_package/open_package.ts";
import type { ReadableRecording } from "lib/media/audio/window_reader.ts";

/** A value that JSON can hold. */
type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** What was found in a recording. */
export interface SearchResult {
  /** By onset. */
  readonly events: readonly DetectedEvent[];
  /** Seconds that were searched. */
  readonly duration: number;
  /** Where in time the scores are. */
  readonly grid: TimeGrid;
  /** For each frame, the highest raw score of the sounds that were looked for, shape [T]. */
  readonly scores: Float32Array<ArrayBuffer>;
  /** The raw scores of each of these sounds; none where they do not mean the same in every recording. */
  readonly track?: Track | undefined;
  /** What was wrong with the recording, which could still be searched in part. */
  readonly warnings: readonly string[];
}

/** What a search is told and tells while it goes on. */
export interface SearchOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told how far it is; `duration` is what the recording says of itself, where it says anything. */
  readonly onProgress?: ((seconds: number, duration?: number) => void) | undefined;
  /** Told of events as soon as they are certain. */
  readonly onEvents?: ((events: readonly DetectedEvent[]) => void) | undefined;
  /** Tracks of the recording that are costly to make and may be there from an earlier search. */
  readonly kept?: KeptTracks | undefined;
}

/** A way to search recordings, which may be prepared once and used on many at a time. */
export interface Search {
  /** Everything that shapes what is found: equal descriptions find the same in the same recording. */
  readonly description: { readonly [key: string]: Json };
  /**
   * Searches one recording.
   * @throws {AudioError} If it cannot be read.
   */
  run(recording: ReadableRecording, options?: SearchOptions): Promise<SearchResult>;
  /** Waits for what is under way, and ends the threads. */
  close(): Promise<void>;
}

/** A list that grows, of numbers that come in parts. */
export function createScoreList(): { push(scores: Float32Array): void; all(): Float32Array<ArrayBuffer> } {
  let data = new Float32Array(4096);
  let length = 0;
  return {
    push(scores) {
      if (length + scores.length > data.length) {
        const larger = new Float32Array(Math.max(2 * data.length, length + scores.length));
        larger.set(data.subarray(0, length));
        data = larger;
      }
      data.set(scores, length);
      length += scores.length;
    },
    all: () => data.slice(0, length),
  };
}

/**
 * A search by models: frame scores, smoothed, to events. The networks are loaded when the first recording is searched.
 *
 * @throws {RangeError} If an event is asked for that no model knows.
 */
export function createModelSearch(models: readonly ModelPackage[], options: DetectorOptions = {}): Search {
  const settings = detectionSettings(models.map((model) => model.manifest), options);
  let loading: Promise<Detector> | undefined;
  return {
    description: {
      kind: "frames",
      models: describeModels(models),
      settings: JSON.parse(JSON.stringify(settings)) as Json,
    },
    async run(recording, { signal, onProgress, onEvents } = {}) {
      const detector = await (loading ??= createDetector(models, options));
      const warnings: string[] = [];
      const source = await recording.open({
        sampleRate: detector.sampleRate,
        onWarning: (text) => warnings.push(text),
        signal,
      });
      const columns = settings.map(({ events }) => detector.eventNames.indexOf(events.label));
      const scores = createScoreList();
      const kept = createScoreBytes();
      const events: DetectedEvent[] = [];
      let duration = 0;
      for await (const detection of detector.detect(source.blocks, { signal })) {
        kept.push(detection.scores);
        scores.push(highest(detection.scores, columns, detector.eventNames.length));
        events.push(...detection.events);
        duration = detection.scoredUntil;
        onProgress?.(duration, source.duration);
        if (detection.events.length > 0) onEvents?.(detection.events);
      }
      const { grid, eventNames } = detector;
      return {
        events: events.toSorted(compareByOnset),
        duration,
        grid,
        scores: scores.all(),
        track: { name: "scores", grid, columns: eventNames, data: kept.all() },
        warnings,
      };
    },
    async close() {
      // A network that failed to load has nothing to close, and its failure was told to whoever searched.
      await loading?.then((detector) => detector.close(), () => {});
    },
  };
}

/** What says which models were used, whatever folders they lie in. */
export function describeModels(models: readonly ModelPackage[]): Json {
  return models.map(({ manifest }) => ({
    name: manifest.name,
    modelSha256: manifest.modelSha256,
    period: scoreGrid(manifest).period,
  }));
}

function highest(scores: Float32Array, columns: readonly number[], width: number): Float32Array {
  return Float32Array.from(
    { length: scores.length / width },
    (_, t) => columns.reduce((most, column) => Math.max(most, scores[t * width + column]!), 0),
  );
}
