import { rankingCurve } from "lib/base/metrics/ranking_curve.ts";
import type { Random } from "lib/base/numbers/random.ts";
import { type QueueCandidate, queueForLabelling } from "lib/learning/dataset/active_learning_queue.ts";
import { fitLogistic, type LinearClassifier } from "lib/learning/train/logistic_regression.ts";

/** A sound that can be labelled, and what the label will be. */
export interface LabelledSound {
  readonly embedding: Float32Array;
  readonly positive: boolean;
}

/** F1 after so many labels. */
export interface LearningPoint {
  readonly labels: number;
  readonly f1: number;
}

/** Chooses what to label next: indices into `rest`. */
type LabelOrder = (
  rest: readonly LabelledSound[],
  known: readonly LabelledSound[],
  classifier: LinearClassifier,
) => readonly number[];

/** How labels are collected. */
interface LearningOptions {
  readonly pool: readonly LabelledSound[];
  /** Sounds of another recording that F1 is measured on. */
  readonly test: readonly LabelledSound[];
  /** Sounds that are labelled from the start, both kinds among them: indices into `pool`. */
  readonly start: readonly number[];
  readonly order: LabelOrder;
  /** Labels at which to stop. */
  readonly most: number;
}

/** As many as one listens to in one go. */
export const ROUND = 6;

/** Labels a pool step by step, learns after each round, and measures the F1 at the threshold that suits it best. */
export function learnStepwise({ pool, test, start, order, most }: LearningOptions): LearningPoint[] {
  const known = start.map((index) => pool[index]!);
  let rest = pool.filter((_, index) => !start.includes(index));
  const points: LearningPoint[] = [];
  while (true) {
    const classifier = fitLogistic(
      known.map(({ embedding }) => embedding),
      known.map(({ positive }) => positive),
    );
    points.push({ labels: known.length, f1: bestF1(classifier, test) });
    if (known.length >= most || rest.length === 0) return points;
    const chosen = new Set(order(rest, known, classifier));
    known.push(...rest.filter((_, index) => chosen.has(index)));
    rest = rest.filter((_, index) => !chosen.has(index));
  }
}

/** The queue of the project. */
export function byQueue(
  rest: readonly LabelledSound[],
  known: readonly LabelledSound[],
  classifier: LinearClassifier,
): readonly number[] {
  const candidates = rest.map(({ embedding }, index): QueueCandidate => ({
    id: String(index),
    scores: [classifier.score(embedding)],
    embedding,
  }));
  const labelled = known.map(({ embedding }) => embedding);
  return queueForLabelling(candidates, { labelled, count: ROUND }).map(({ id }) => Number(id));
}

/** Any order. */
export function byChance(random: Random): LabelOrder {
  return (rest) => random.shuffle([...rest.keys()]).slice(0, ROUND);
}

/** A few sounds at random, and more until both kinds are among them twice. */
export function drawStart(pool: readonly LabelledSound[], random: Random): number[] {
  const order = random.shuffle([...pool.keys()]);
  const enough = (count: number) => {
    const positives = order.slice(0, count).filter((index) => pool[index]!.positive).length;
    return positives >= 2 && count - positives >= 2;
  };
  let count = ROUND;
  while (count < order.length && !enough(count)) count++;
  return order.slice(0, count);
}

function bestF1(classifier: LinearClassifier, test: readonly LabelledSound[]): number {
  const scores = test.map(({ embedding }) => classifier.score(embedding));
  return Math.max(
    0,
    ...rankingCurve(scores, test.map(({ positive }) => positive)).map((point) => {
      const { precision, recall } = point;
      return precision + recall === 0 ? 0 : 2 * precision * recall / (precision + recall);
    }),
  );
}

/** F1 at a number of labels, between the points on both sides of it. */
export function f1At(points: readonly LearningPoint[], labels: number): number {
  const after = points.findIndex((point) => point.labels >= labels);
  const [a, b] = [points[after - 1], points[after]];
  if (!b) return points.at(-1)?.f1 ?? 0;
  if (!a || b.labels === labels) return b.f1;
  return a.f1 + (b.f1 - a.f1) * (labels - a.labels) / (b.labels - a.labels);
}
