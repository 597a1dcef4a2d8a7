import { framesToSeconds, secondsToFrame } from "lib/base/events/time_grid.ts";
import type { TimeSpan } from "lib/base/events/time_span.ts";
import { detectionSettings } from "lib/learning/detect/detection_settings.ts";
import { createScorer } from "lib/learning/detect/scorer.ts";
import { openPackage } from "lib/learning/model_package/open_package.ts";
import { createResampler } from "lib/media/audio/resampler.ts";
import type { SoundScorer } from "lib/work/harvest/find_candidates.ts";
import { HARVEST_RATE, type WindowSound } from "lib/work/harvest/recording_sound.ts";

/** A model as a witness of where a sound is. */
export interface ModelScorer {
  /** Sha256 of its network, for the provenance of labels. */
  readonly modelSha256: string;
  readonly name: string;
  /** Score from which it takes a place for the sound, from 0 to 1. */
  readonly threshold: number;
  /** Scores onsets of a window. */
  readonly scoreSound: SoundScorer;
  /** Places that the model takes for the sound, best first. */
  findPeaks(sound: WindowSound, threshold: number, signal?: AbortSignal): Promise<ModelPeak[]>;
  /** Ends the threads. */
  close(): Promise<void>;
}

/** A stretch whose scores reach a threshold. */
export interface ModelPeak {
  /** In seconds. */
  readonly onset: number;
  readonly offset: number;
  /** Highest score, from 0 to 1. */
  readonly score: number;
}

/** Onsets by level and scores of a model are some frames apart. */
const BEFORE_ONSET = 0.2;

/**
 * Opens a model for harvesting.
 *
 * @throws {ModelPackageError} if it is none; {RangeError} if it does not know the event.
 */
export async function openModelScorer(dir: string, event: string): Promise<ModelScorer> {
  const model = await openPackage(dir);
  const { eventNames } = model.manifest;
  if (!eventNames.includes(event)) {
    throw new RangeError(
      `The model ${dir} does not know the event "${event}", only ${eventNames.join(", ")}`,
    );
  }
  const scorer = await createScorer(model, { events: [event] });

  async function scores({ samples }: WindowSound, signal?: AbortSignal): Promise<Float32Array> {
    const parts: number[] = [];
    for await (
      const { scores } of scorer.score(blocksOf(samples, scorer.sampleRate), { signal })
    ) {
      parts.push(...scores);
    }
    return Float32Array.from(parts);
  }

  return {
    modelSha256: model.manifest.modelSha256,
    name: model.manifest.name,
    threshold: detectionSettings([model.manifest], { events: [event] })[0]!.events.onsetThreshold,
    async scoreSound(sound, signal) {
      const values = await scores(sound, signal);
      return ({ onset, offset }) =>
        highest(values, { start: onset - BEFORE_ONSET, end: offset }, sound.start);
    },
    async findPeaks(sound, threshold, signal) {
      const values = await scores(sound, signal);
      const peaks: ModelPeak[] = [];
      for (let t = 0; t < values.length;) {
        let end = t;
        while (end < values.length && values[end]! >= threshold) end++;
        if (end > t) {
          peaks.push({
            onset: sound.start + Math.max(0, framesToSeconds(t, scorer.grid)),
            offset: sound.start + framesToSeconds(end, scorer.grid),
            score: values.subarray(t, end).reduce((a, b) => Math.max(a, b), 0),
          });
        }
        t = end + 1;
      }
      return peaks.toSorted((a, b) => b.score - a.score || a.onset - b.onset);
    },
    close: () => scorer.close(),
  };

  function highest(values: Float32Array, window: TimeSpan, start: number): number {
    const first = Math.max(0, secondsToFrame(window.start - start, scorer.grid));
    const last = Math.min(values.length - 1, secondsToFrame(window.end - start, scorer.grid));
    let best = 0;
    for (let t = first; t <= last; t++) best = Math.max(best, values[t]!);
    return best;
  }
}

async function* blocksOf(samples: Float32Array, sampleRate: number): AsyncGenerator<Float32Array> {
  const resampler = createResampler(HARVEST_RATE, sampleRate);
  yield resampler.push(samples);
  yield resampler.flush();
}
