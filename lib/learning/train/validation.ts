import { averagePrecision } from "lib/base/metrics/average_precision.ts";
import { mean } from "lib/base/numbers/statistics.ts";
import type { Batch, BatchConfig } from "lib/learning/dataset/batch.ts";
import { makeBatch } from "lib/learning/dataset/batch.ts";
import type { ClipPools } from "lib/learning/dataset/mixture.ts";
import type { TrainableNetwork } from "lib/learning/train/network.ts";

/** Windows mixed once out of held-out clips; the same ones are scored after every epoch. */
export interface ValidationSet {
  readonly batches: readonly Batch[];
}

/** The windows with what a network says of them. */
export interface ScoredValidation extends ValidationSet {
  /** Frame scores from 0 to 1 of each batch, shape [B, T', K]. */
  readonly scores: readonly Float32Array[];
}

/** How well a network tells event frames from the others on held-out clips. */
export interface ValidationFigures {
  /** Average precision over frames, mean of the events, from 0 to 1. */
  readonly averagePrecision: number;
  /** For each event. */
  readonly byEvent: readonly number[];
  /** Average precision of a score that is right as often as chance: the share of positive frames. */
  readonly baseline: number;
}

export function createValidationSet(
  pools: ClipPools,
  config: BatchConfig,
  { seed, windows }: { readonly seed: string | number; readonly windows: number },
): ValidationSet {
  const count = Math.max(1, Math.ceil(windows / config.batchSize));
  const unmasked: BatchConfig = { ...config, masks: { ...config.masks, share: 0 } };
  return {
    batches: Array.from(
      { length: count },
      (_, index) => makeBatch(pools, unmasked, { seed: `${seed}/validation`, index }),
    ),
  };
}

/** Scores the windows. @param onScores Gets the scores themselves, for those who want to look at them. */
export async function validate(
  network: TrainableNetwork,
  { batches }: ValidationSet,
  onScores: (scored: ScoredValidation) => void = () => {},
): Promise<ValidationFigures> {
  const K = batches[0]!.shape.K;
  const scores: number[][] = Array.from({ length: K }, () => []);
  const labels: boolean[][] = Array.from({ length: K }, () => []);
  const all: Float32Array[] = [];
  for (const { logMel, targets, weights, shape: { B, T, M } } of batches) {
    const frameScores = await network.score(logMel, [B, T, M]);
    all.push(frameScores);
    for (let i = 0; i < targets.length; i++) {
      if (weights[i] === 0) continue;
      scores[i % K]!.push(frameScores[i]!);
      labels[i % K]!.push(targets[i] === 1);
    }
  }
  onScores({ batches, scores: all });
  const byEvent = scores.map((values, k) => averagePrecision(values, labels[k]!));
  const positives = labels.map((flags) => flags.filter(Boolean).length / Math.max(1, flags.length));
  return { averagePrecision: mean(byEvent), byEvent, baseline: mean(positives) };
}
