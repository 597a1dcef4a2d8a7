/** A linear classifier of vectors. */
export interface LinearClassifier {
  /** Chance that a vector is positive, from 0 to 1. */
  score(vector: Float32Array): number;
}

/** How a classifier is fitted. */
export interface LogisticOptions {
  /** Weight of the penalty on large coefficients, for each example. */
  readonly penalty: number;
  readonly iterations: number;
}

const DEFAULT_LOGISTIC = Object.freeze(
  { penalty: 0.2, iterations: 200 } as const satisfies LogisticOptions,
);

/**
 * Fits a logistic regression with both classes weighing the same, on numbers brought to unit spread, by accelerated
 * gradient descent (Nesterov, 1983). Deterministic; a thousand vectors of four hundred numbers take a fraction of a second.
 *
 * @param vectors Shape [N, D].
 * @param positives Whether each is positive, shape [N].
 * @throws {RangeError} If one of the classes is empty, or lengths differ.
 */
export function fitLogistic(
  vectors: readonly Float32Array[],
  positives: readonly boolean[],
  { penalty, iterations }: LogisticOptions = DEFAULT_LOGISTIC,
): LinearClassifier {
  const N = vectors.length;
  const D = vectors[0]?.length ?? 0;
  const positiveCount = positives.filter(Boolean).length;
  if (positives.length !== N || positiveCount === 0 || positiveCount === N) {
    throw new RangeError("Cannot tell two classes apart: one of them is empty");
  }
  if (vectors.some((vector) => vector.length !== D)) {
    throw new RangeError("Cannot tell classes apart: vectors differ in length");
  }
  const { means, scales } = spreads(vectors, D);
  // Scaled vectors with a one at the end, for the constant; shape [N, D + 1].
  const W = D + 1;
  const rows = new Float32Array(N * W);
  for (let n = 0; n < N; n++) {
    for (let d = 0; d < D; d++) rows[n * W + d] = (vectors[n]![d]! - means[d]!) * scales[d]!;
    rows[n * W + D] = 1;
  }
  const shares = Float64Array.from(
    positives,
    (positive) => 0.5 / (positive ? positiveCount : N - positiveCount),
  );
  const step = 1 / (0.25 * largestEigenvalue(rows, shares, W) + penalty);
  let weights = new Float64Array(W);
  let ahead = new Float64Array(W);
  const gradient = new Float64Array(W);
  for (let i = 1; i <= iterations; i++) {
    for (let d = 0; d < D; d++) gradient[d] = penalty * ahead[d]!;
    gradient[D] = 0;
    for (let n = 0; n < N; n++) {
      let sum = 0;
      for (let d = 0; d < W; d++) sum += rows[n * W + d]! * ahead[d]!;
      const error = shares[n]! * (1 / (1 + Math.exp(-sum)) - Number(positives[n]));
      for (let d = 0; d < W; d++) gradient[d]! += error * rows[n * W + d]!;
    }
    const next = ahead.map((value, d) => value - step * gradient[d]!);
    const momentum = (i - 1) / (i + 2);
    ahead = next.map((value, d) => value + momentum * (value - weights[d]!));
    weights = next;
  }
  return {
    score(vector) {
      let sum = weights[D]!;
      for (let d = 0; d < D; d++) sum += weights[d]! * (vector[d]! - means[d]!) * scales[d]!;
      return 1 / (1 + Math.exp(-sum));
    },
  };
}

function spreads(
  vectors: readonly Float32Array[],
  D: number,
): { means: Float64Array; scales: Float64Array } {
  const [means, scales] = [new Float64Array(D), new Float64Array(D)];
  for (let d = 0; d < D; d++) {
    let [sum, squares] = [0, 0];
    for (const vector of vectors) sum += vector[d]!;
    means[d] = sum / vectors.length;
    for (const vector of vectors) squares += (vector[d]! - means[d]!) ** 2;
    const spread = Math.sqrt(squares / vectors.length);
    scales[d] = spread > 1e-9 ? 1 / spread : 0;
  }
  return { means, scales };
}

/** Largest eigenvalue of the weighted second moments, by power iteration: it bounds the curvature of the loss. */
function largestEigenvalue(rows: Float32Array, shares: Float64Array, W: number): number {
  let direction = new Float64Array(W).fill(1 / Math.sqrt(W));
  let value = 0;
  for (let i = 0; i < 20; i++) {
    const next = new Float64Array(W);
    for (let n = 0; n < shares.length; n++) {
      let sum = 0;
      for (let d = 0; d < W; d++) sum += rows[n * W + d]! * direction[d]!;
      for (let d = 0; d < W; d++) next[d]! += shares[n]! * sum * rows[n * W + d]!;
    }
    value = Math.hypot(...next);
    if (value === 0) return 1;
    direction = next.map((part) => part / value);
  }
  // Power iteration comes from below.
  return 1.1 * value;
}
