/** What counting everything with a score at or above a threshold as positive gives. */
interface RankingPoint {
  readonly threshold: number;
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly precision: number;
  readonly recall: number;
}

/**
 * Precision and recall at every score that occurs, from the highest score to the lowest. Recall is NaN where nothing is
 * positive.
 *
 * @param scores Shape [N]; higher means more likely.
 * @param positives Whether each is truly positive, shape [N].
 * @throws {RangeError} If lengths differ or a score is NaN.
 */
export function rankingCurve(
  scores: ArrayLike<number>,
  positives: ArrayLike<boolean | number>,
): RankingPoint[] {
  if (scores.length !== positives.length) {
    throw new RangeError(`Cannot rank: ${scores.length} scores, but ${positives.length} truths`);
  }
  const order = Array.from({ length: scores.length }, (_, i) => i);
  if (order.some((i) => Number.isNaN(scores[i]!))) {
    throw new RangeError("Cannot rank: a score is not a number");
  }
  order.sort((a, b) => scores[b]! - scores[a]!);
  const positiveCount = order.filter((i) => positives[i]).length;
  const points: RankingPoint[] = [];
  let truePositives = 0;
  order.forEach((i, rank) => {
    if (positives[i]) truePositives++;
    // Equal scores cannot be told apart by a threshold, so they make one point.
    if (rank + 1 < order.length && scores[order[rank + 1]!] === scores[i]) return;
    points.push({
      threshold: scores[i]!,
      truePositives,
      falsePositives: rank + 1 - truePositives,
      precision: truePositives / (rank + 1),
      recall: truePositives / positiveCount,
    });
  });
  return points;
}
