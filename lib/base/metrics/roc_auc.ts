import { rankingCurve } from "lib/base/metrics/ranking_curve.ts";

/**
 * Area under the ROC curve: the chance that a positive has a higher score than a negative, equal scores counting half.
 * NaN where one of the two is missing.
 *
 * @throws {RangeError} As {@link rankingCurve}.
 */
export function rocAuc(scores: ArrayLike<number>, positives: ArrayLike<boolean | number>): number {
  const points = rankingCurve(scores, positives);
  let area = 0;
  let [tp, fp] = [0, 0];
  for (const { truePositives, falsePositives } of points) {
    area += (falsePositives - fp) * (tp + truePositives) / 2;
    [tp, fp] = [truePositives, falsePositives];
  }
  return area / (tp * fp);
}
