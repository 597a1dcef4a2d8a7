import { framesToSeconds, secondsToSamples, type TimeGrid } from "lib/base/events/time_grid.ts";
import { createRandom, type Random } from "lib/base/numbers/random.ts";
import { type ClipPools, type Mixture, mixWindow } from "lib/learning/dataset/mixture.ts";
import { type MixtureConfig } from "lib/learning/dataset/mixture_config.ts";
import type { FeatureConfig } from "lib/learning/features/feature_config.ts";
import { computeLogMel } from "lib/learning/features/log_mel.ts";

/** One training batch: B windows of T log-mel frames, M bands, T' scores of K events. */
export interface Batch {
  /** Log-mel spectrograms, shape [B, T, M]. */
  readonly logMel: Float32Array;
  /** 1 where the event sounds, shape [B, T', K]. */
  readonly targets: Float32Array;
  /** How much each score counts in the loss, from 0 to 1, shape [B, T', K]. */
  readonly weights: Float32Array;
  readonly shape: {
    readonly B: number;
    readonly T: number;
    readonly M: number;
    readonly S: number;
    readonly K: number;
  };
}

/** Everything that decides what is in a batch, apart from its number. */
export interface BatchConfig {
  readonly features: FeatureConfig;
  readonly mixture: MixtureConfig;
  readonly masks: MaskConfig;
  /** Log-mel frames per score. */
  readonly frameStride: number;
  readonly batchSize: number;
}

/** Rectangles of the spectrogram that are blanked out (SpecAugment, Park et al. 2019). */
export interface MaskConfig {
  /** Share of windows that are masked. */
  readonly share: number;
  /** Widest mask, in mel bands. */
  readonly maxBands: number;
  /** Longest mask, in log-mel frames. */
  readonly maxFrames: number;
}

export const DEFAULT_MASKS = Object.freeze(
  { share: 0.5, maxBands: 10, maxFrames: 6 } as const satisfies MaskConfig,
);

/**
 * Makes batch number `index`. The same pools, configuration, seed and index give the same batch, whatever
 * was made before it, so that training can be resumed at any batch and batches can be made in any order.
 */
export function makeBatch(
  pools: ClipPools,
  config: BatchConfig,
  { seed, index }: { readonly seed: string | number; readonly index: number },
): Batch {
  const random = createRandom(`${seed}/batch/${index}`);
  const { features, mixture, frameStride, batchSize: B } = config;
  const { sampleRate, hopLength, nMels: M } = features;
  const length = secondsToSamples(mixture.windowSeconds, sampleRate);
  const S = Math.floor(length / (hopLength * frameStride));
  const T = S * frameStride;
  const K = pools.positives.length;
  const logMel = new Float32Array(B * T * M);
  const targets = new Float32Array(B * S * K);
  const weights = new Float32Array(B * S * K).fill(1);
  const grid = scoreGrid(features, frameStride);
  for (let b = 0; b < B; b++) {
    const window = mixWindow(pools, { sampleRate, random, config: mixture });
    const rows = computeLogMel(window.samples, features).data.subarray(0, T * M);
    if (random.next() < config.masks.share) maskSpectrogram(rows, { T, M, random, config: config.masks });
    logMel.set(rows, b * T * M);
    labelScores(window, { targets, weights, offset: b * S * K, S, K, grid, sampleRate });
  }
  return { logMel, targets, weights, shape: { B, T, M, S, K } };
}

/** The time grid of scores that each cover `frameStride` log-mel frames; frame t is centred on sample t * hop. */
export function scoreGrid(features: FeatureConfig, frameStride: number): TimeGrid {
  const hop = features.hopLength / features.sampleRate;
  return { startTime: -hop / 2, period: hop * frameStride };
}

/** Targets 1 where a third of a score's time is active; weight 0 elsewhere inside the placed clip. */
function labelScores(
  window: Mixture,
  { targets, weights, offset, S, K, grid, sampleRate }: {
    readonly targets: Float32Array;
    readonly weights: Float32Array;
    readonly offset: number;
    readonly S: number;
    readonly K: number;
    readonly grid: TimeGrid;
    readonly sampleRate: number;
  },
): void {
  if (window.event < 0) return;
  const size = grid.period * sampleRate;
  for (let s = 0; s < S; s++) {
    const start = framesToSeconds(s, grid) * sampleRate;
    const overlap = (range: { start: number; end: number }): number =>
      Math.max(0, Math.min(range.end, start + size) - Math.max(range.start, start));
    const at = offset + s * K + window.event;
    const sounding = window.active.reduce((sum, range) => sum + overlap(range), 0);
    if (sounding >= size / 3) targets[at] = 1;
    else if (overlap(window.extent) > 0) weights[at] = 0;
  }
}

function maskSpectrogram(
  rows: Float32Array,
  { T, M, random, config }: { T: number; M: number; random: Random; config: MaskConfig },
): void {
  let sum = 0;
  for (let i = 0; i < rows.length; i++) sum += rows[i]!;
  const mean = sum / rows.length;
  const bands = random.integer(config.maxBands + 1);
  const firstBand = random.integer(M - bands + 1);
  for (let t = 0; t < T; t++) rows.fill(mean, t * M + firstBand, t * M + firstBand + bands);
  const frames = random.integer(config.maxFrames + 1);
  const firstFrame = random.integer(T - frames + 1);
  rows.fill(mean, firstFrame * M, (firstFrame + frames) * M);
}
