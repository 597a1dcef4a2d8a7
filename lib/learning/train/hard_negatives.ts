import { secondsToSamples } from "lib/base/events/time_grid.ts";
import { createRandom } from "lib/base/numbers/random.ts";
import { backgroundSamples } from "lib/learning/dataset/background.ts";
import type { Clip } from "lib/learning/dataset/clip.ts";
import { dbToGain, levelDb } from "lib/learning/dataset/clip.ts";
import type { ClipPools } from "lib/learning/dataset/mixture.ts";
import type { FeatureConfig } from "lib/learning/features/feature_config.ts";
import { computeLogMel } from "lib/learning/features/log_mel.ts";
import type { TrainableNetwork } from "lib/learning/train/network.ts";

/** Level at which negatives are held up to the network, in dB relative to full scale. */
const LEVEL_DB = -25;
/** Windows scored at once. */
const BATCH = 32;

/** Epochs from one look at the background to the next: it has many more windows than there are negatives. */
const BACKGROUND_EVERY = 4;

/** Finds out which negatives a network takes for an event. */
export interface HardNegatives {
  /**
   * The highest frame score of each negative, in the order of the clips, then of each window of background; from 0 to 1.
   *
   * @param epoch That has just ended, from 1: the background is looked at after the first and every fourth from there.
   * @param before What was measured after the epoch before; empty after the first.
   */
  measure(network: TrainableNetwork, epoch: number, before?: Float32Array): Promise<Float32Array>;
}

/** What is measured, and how. */
interface MeasureOptions {
  readonly features: FeatureConfig;
  readonly windowSeconds: number;
  readonly frameStride: number;
  readonly seed: string | number;
}

/**
 * Prepares one window of each negative, so that measuring costs a forward pass over them and no more: those that
 * score high are then placed into training windows more often. Windows of background are made into features as they are
 * measured, since all at once they would fill the memory.
 */
export function createHardNegatives(
  { negatives, background }: Pick<ClipPools, "negatives" | "background">,
  options: MeasureOptions,
): HardNegatives {
  const { features, windowSeconds, frameStride } = options;
  const { hopLength, nMels: M } = features;
  const length = secondsToSamples(windowSeconds, features.sampleRate);
  const T = Math.floor(length / (hopLength * frameStride)) * frameStride;
  const stretches = background?.stretches ?? [];
  const logMel = new Float32Array(negatives.length * T * M);
  negatives.forEach((clip, i) => {
    logMel.set(computeLogMel(windowOf(clip, length, options), features).data.subarray(0, T * M), i * T * M);
  });
  const ofStretches = (first: number, B: number): Float32Array => {
    const block = new Float32Array(B * T * M);
    for (let b = 0; b < B; b++) {
      const { start, end } = stretches[first + b]!;
      // The middle: crops of training windows mostly hold it.
      const from = start + Math.max(0, Math.floor((end - start - length) / 2));
      const window = new Float32Array(length);
      window.set(backgroundSamples(background!, { start: from, end: Math.min(end, from + length) }));
      block.set(computeLogMel(window, features).data.subarray(0, T * M), b * T * M);
    }
    return block;
  };
  return {
    async measure(network, epoch, before) {
      const hardness = new Float32Array(negatives.length + stretches.length);
      const measure = async (
        offset: number,
        count: number,
        block: (first: number, B: number) => Float32Array,
      ): Promise<void> => {
        for (let first = 0; first < count; first += BATCH) {
          const B = Math.min(BATCH, count - first);
          const scores = await network.score(block(first, B), [B, T, M]);
          const perWindow = scores.length / B;
          for (let b = 0; b < B; b++) {
            let highest = 0;
            for (let s = b * perWindow; s < (b + 1) * perWindow; s++) highest = Math.max(highest, scores[s]!);
            hardness[offset + first + b] = highest;
          }
        }
      };
      await measure(0, negatives.length, (first, B) => logMel.slice(first * T * M, (first + B) * T * M));
      if (before && (epoch - 1) % BACKGROUND_EVERY !== 0) {
        hardness.set(before.subarray(negatives.length), negatives.length);
      } else await measure(negatives.length, stretches.length, ofStretches);
      return hardness;
    },
  };
}

/** A window of a clip at a common level, or the clip in faint noise. */
function windowOf(
  { samples, name }: Clip,
  length: number,
  { seed }: Pick<MeasureOptions, "seed">,
): Float32Array {
  const random = createRandom(`${seed}/hard/${name}`);
  const window = new Float32Array(length);
  const spare = samples.length - length;
  const from = spare > 0 ? random.integer(spare + 1) : 0;
  const part = samples.subarray(from, from + length);
  const gain = dbToGain(LEVEL_DB - Math.max(levelDb(part), -70));
  const at = spare < 0 ? Math.floor(-spare / 2) : 0;
  // Digital silence around a clip would be a clue that no recording gives.
  for (let n = 0; n < length; n++) window[n] = 1e-3 * random.normal();
  for (let n = 0; n < part.length; n++) window[at + n] = window[at + n]! + gain * part[n]!;
  return window;
}
