import { type FeatureConfig } from "lib/learning/features/feature_config.ts";
import {
  collectFrames,
  createFrameStream,
  type FeatureMatrix,
  type FeatureStream,
} from "lib/learning/features/frame_stream.ts";
import { createMelProcessor } from "lib/learning/features/mel_power.ts";

/**
 * Log-mel spectrogram of a recording that arrives in blocks; `push` and `flush` return frames of shape [t, M].
 * Any number of them can be in use at once.
 *
 * @throws {RangeError} when `config.nFft` is not a size that the transform takes.
 */
export function createLogMel(config: FeatureConfig): FeatureStream {
  const { spectrum, melScale: scale, melNorm: norm } = config;
  const processor = createMelProcessor(config, { scaling: config, spectrum, scale, norm });
  return createFrameStream(config, config.nMels, processor);
}

/**
 * Log-mel spectrogram of a whole recording, shape [T, M] with T = floor(N / hopLength) + 1. Equal in every bit to
 * what {@linkcode createLogMel} gives in blocks.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { DEFAULT_FEATURES } from "lib/learning/features/feature_config.ts";
 * import { computeLogMel } from "lib/learning/features/log_mel.ts";
 *
 * const second = new Float32Array(DEFAULT_FEATURES.sampleRate);
 * const { shape: [T, M] } = computeLogMel(second, DEFAULT_FEATURES);
 * assert.equal(T, 1 + Math.floor(second.length / DEFAULT_FEATURES.hopLength));
 * assert.equal(M, DEFAULT_FEATURES.nMels);
 * ```
 */
export function computeLogMel(samples: Float32Array, config: FeatureConfig): FeatureMatrix {
  return collectFrames(createLogMel(config), samples);
}
