import { rankingCurve } from "lib/base/metrics/ranking_curve.ts";

/**
 * Average precision: the mean of precision over the steps of recall, without interpolation, as scikit-learn defines it.
 * A ranking by chance gives about the share of positives. NaN where nothing is positive.
 *
 * @throws {RangeError} As {@link rankingCurve}.
 */
export function averagePrecision(
  scores: ArrayLike<number>,
  positives: ArrayLike<boolean | number>,
): number {
  let before = 0;
  let sum = 0;
  const points = rankingCurve(scores, positives);
  for (const { precision, recall } of points) {
    sum += (recall - before) * precision;
    before = recall;
  }
  return points.length === 0 ? NaN : sum;
}
