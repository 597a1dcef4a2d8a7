import type { Random } from "lib/base/numbers/random.ts";
import type { Batch } from "lib/learning/dataset/batch.ts";
import type { LessonStatistics } from "lib/learning/distil/distillation_loss.ts";
import type { LessonWindows } from "lib/learning/distil/lesson_windows.ts";

/** Sizes of a window and of what the teacher says of it. */
export interface LessonShape {
  /** Log-mel frames. */
  readonly T: number;
  /** Mel bands. */
  readonly M: number;
  /** Steps. */
  readonly S: number;
  readonly classes: number;
  readonly channels: number;
}

/** Means over all steps of some windows. */
export function lessonStatistics(
  { scores, embeddings }: Pick<LessonWindows, "scores" | "embeddings">,
  { classes, channels }: Pick<LessonShape, "classes" | "channels">,
): LessonStatistics {
  const rows = scores.length / classes;
  const meanScores = new Float32Array(classes);
  const highestScores = new Float32Array(classes);
  scores.forEach((score, i) => {
    meanScores[i % classes]! += score / rows;
    highestScores[i % classes] = Math.max(highestScores[i % classes]!, score);
  });
  const meanEmbedding = new Float32Array(channels);
  embeddings.forEach((value, i) => meanEmbedding[i % channels]! += value / rows);
  const variances = new Float32Array(channels);
  embeddings.forEach((value, i) =>
    variances[i % channels]! += (value - meanEmbedding[i % channels]!) ** 2 / rows
  );
  const mean = variances.reduce((sum, variance) => sum + variance, 0) / channels;
  const spread = variances.map((variance) => Math.sqrt(Math.max(variance, mean / 16)) || 1);
  return { meanScores, highestScores, meanEmbedding, spread };
}

/**
 * A batch of windows in the order that `random` gives; batches of one order hold each window once.
 *
 * @param options.random The same for all batches of one order.
 */
export function shuffledBatch(
  windows: LessonWindows,
  { shape, statistics, batchSize: B, index, random }: {
    readonly shape: LessonShape;
    readonly statistics: LessonStatistics;
    readonly batchSize: number;
    readonly index: number;
    readonly random: Random;
  },
): Batch {
  const order = random.shuffle(Array.from({ length: windows.count }, (_, i) => i));
  return batchOf(windows, order.slice(index * B, (index + 1) * B), { shape, statistics });
}

/** The batch of some windows: scores of the classes, and behind them the embedding, brought to mean 0 and variance 1. */
export function batchOf(
  windows: LessonWindows,
  chosen: readonly number[],
  { shape: { T, M, S, classes, channels }, statistics: { meanEmbedding, spread } }: {
    readonly shape: LessonShape;
    readonly statistics: LessonStatistics;
  },
): Batch {
  const B = chosen.length;
  const K = classes + channels;
  const logMel = new Float32Array(B * T * M);
  const targets = new Float32Array(B * S * K);
  chosen.forEach((window, b) => {
    logMel.set(windows.logMel.subarray(window * T * M, (window + 1) * T * M), b * T * M);
    for (let s = 0; s < S; s++) {
      const row = window * S + s;
      const at = (b * S + s) * K;
      targets.set(windows.scores.subarray(row * classes, (row + 1) * classes), at);
      for (let c = 0; c < channels; c++) {
        const value = windows.embeddings[row * channels + c]!;
        targets[at + classes + c] = (value - meanEmbedding[c]!) / spread[c]!;
      }
    }
  });
  return { logMel, targets, weights: new Float32Array(B * S * K).fill(1), shape: { B, T, M, S, K } };
}
