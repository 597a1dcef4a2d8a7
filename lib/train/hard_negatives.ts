import type { Clip } from "lib/dataset/clip.ts";
import { dbToGain, levelDb } from "lib/dataset/clip.ts";
import { secondsToSamples } from "lib/events/time_grid.ts";
import type { FeatureConfig } from "lib/features/feature_config.ts";
import { computeLogMel } from "lib/features/log_mel.ts";
import { createRandom } from "lib/system/random.ts";
import type { TrainableNetwork } from "lib/train/network.ts";

/** Level at which negatives are held up to the network, in dB relative to full scale. */
const LEVEL_DB = -25;
/** Windows scored at once. */
const BATCH = 32;

/** Finds out which negatives a network takes for an event. */
export interface HardNegatives {
  /** The highest frame score of each negative, from 0 to 1, in the order of the clips. */
  measure(network: TrainableNetwork): Promise<Float32Array>;
}

/**
 * Prepares one window of each negative, so that measuring costs a forward pass over them and no more: those that
 * score high are then placed into training windows more often.
 */
export function createHardNegatives(
  negatives: readonly Clip[],
  { features, windowSeconds, frameStride, seed }: {
    readonly features: FeatureConfig;
    readonly windowSeconds: number;
    readonly frameStride: number;
    readonly seed: string | number;
  },
): HardNegatives {
  const { sampleRate, hopLength, nMels: M } = features;
  const length = secondsToSamples(windowSeconds, sampleRate);
  const T = Math.floor(length / (hopLength * frameStride)) * frameStride;
  const logMel = new Float32Array(negatives.length * T * M);
  negatives.forEach(({ samples, name }, i) => {
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
    logMel.set(computeLogMel(window, features).data.subarray(0, T * M), i * T * M);
  });
  return {
    async measure(network) {
      const hardness = new Float32Array(negatives.length);
      for (let first = 0; first < negatives.length; first += BATCH) {
        const B = Math.min(BATCH, negatives.length - first);
        const scores = await network.score(logMel.slice(first * T * M, (first + B) * T * M), [B, T, M]);
        const perWindow = scores.length / B;
        for (let b = 0; b < B; b++) {
          let highest = 0;
          for (let s = b * perWindow; s < (b + 1) * perWindow; s++) highest = Math.max(highest, scores[s]!);
          hardness[first + b] = highest;
        }
      }
      return hardness;
    },
  };
}
