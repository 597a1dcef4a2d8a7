import { averagePrecision } from "lib/base/metrics/average_precision.ts";
import { type PrecisionRecall, precisionRecall } from "lib/base/metrics/precision_recall.ts";
import { rocAuc } from "lib/base/metrics/roc_auc.ts";

/** Clips counted by what they are and what is said of them. */
interface ClipCounts {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly trueNegatives: number;
}

/** How well clips are told apart, each figure from 0 to 1; 0 where it is undefined. */
export interface ClipFigures {
  readonly accuracy: number;
  /** Accuracy of always saying the class that has more clips: what a figure has to beat. */
  readonly majority: number;
  /** Of the event. */
  readonly positive: PrecisionRecall;
  /** Of everything else. */
  readonly negative: PrecisionRecall;
}

/**
 * Counts clips whose score reaches a threshold as said to be positive.
 *
 * @param weights How often each clip counts, shape [N]; once by default.
 */
export function countClips(
  scores: ArrayLike<number>,
  positives: ArrayLike<boolean>,
  threshold: number,
  weights?: ArrayLike<number>,
): ClipCounts {
  let [truePositives, falsePositives, falseNegatives, trueNegatives] = [0, 0, 0, 0];
  for (let i = 0; i < scores.length; i++) {
    const weight = weights ? weights[i]! : 1;
    const said = scores[i]! >= threshold;
    if (positives[i]) {
      if (said) truePositives += weight;
      else falseNegatives += weight;
    } else if (said) falsePositives += weight;
    else trueNegatives += weight;
  }
  return { truePositives, falsePositives, falseNegatives, trueNegatives };
}

/** Accuracy, and precision, recall and F1 of both classes. */
export function clipFigures(counts: ClipCounts): ClipFigures {
  const { truePositives, falsePositives, falseNegatives, trueNegatives } = counts;
  const total = truePositives + falsePositives + falseNegatives + trueNegatives;
  const [positives, negatives] = [truePositives + falseNegatives, trueNegatives + falsePositives];
  return {
    accuracy: total > 0 ? (truePositives + trueNegatives) / total : 0,
    majority: total > 0 ? Math.max(positives, negatives) / total : 0,
    positive: precisionRecall({
      matched: truePositives,
      found: truePositives + falsePositives,
      annotated: positives,
    }),
    negative: precisionRecall({
      matched: trueNegatives,
      found: trueNegatives + falseNegatives,
      annotated: negatives,
    }),
  };
}

/** How well scores rank positives before negatives, whatever the threshold; NaN where a class is missing. */
export function rankingFigures(
  scores: ArrayLike<number>,
  positives: ArrayLike<boolean>,
): { readonly averagePrecision: number; readonly rocAuc: number } {
  return { averagePrecision: averagePrecision(scores, positives), rocAuc: rocAuc(scores, positives) };
}
