/** A stretch of sound that nobody has labelled yet. */
export interface QueueCandidate {
  readonly id: string;
  /** What each model says of it, from 0 to 1; may be empty before there is one. */
  readonly scores: readonly number[];
  /** Numbers that describe it, the same for all, such as mean and spread of its log-mel bands. */
  readonly embedding: Float32Array;
}

/** A candidate in the order in which to label, and what speaks for it. */
export interface QueueItem {
  readonly id: string;
  /** How much a label is worth, by the weights. */
  readonly worth: number;
  /** 1 at the threshold, 0 where the models are sure. */
  readonly uncertainty: number;
  /** 0 where all models say the same, 1 where one is sure that it is the event and another that it is not. */
  readonly disagreement: number;
  /** 0 for a copy of something labelled or queued before, 1 for the least known candidate at the start. */
  readonly novelty: number;
}

/** How candidates are ranked. */
interface QueueOptions {
  /** How many are wanted; all by default. */
  readonly count?: number | undefined;
  /** Embeddings of what has been labelled. */
  readonly labelled?: readonly Float32Array[];
  /** The score from which on a model says yes; 0.5 by default. */
  readonly threshold?: number | undefined;
  /** What counts how much; {@link QUEUE_WEIGHTS} by default. */
  readonly weights?: QueueWeights;
}

/** How much each reason counts. */
interface QueueWeights {
  readonly uncertainty: number;
  readonly disagreement: number;
  readonly novelty: number;
}

/** Uncertainty says most; novelty keeps the queue from asking for the same sound again and again. */
const QUEUE_WEIGHTS = Object.freeze(
  { uncertainty: 1, disagreement: 0.5, novelty: 0.5 } as const satisfies QueueWeights,
);

/**
 * Which candidates to label next: those that the models are unsure or disagree about and that are unlike what is labelled
 * or comes before them in the queue.
 *
 * @throws {RangeError} If embeddings differ in length, a score is not from 0 to 1, or the threshold not between.
 */
export function queueForLabelling(
  candidates: readonly QueueCandidate[],
  options: QueueOptions = {},
): QueueItem[] {
  return [...queueSteps(candidates, options)].filter((item) => item !== undefined);
}

/**
 * The same, the first of the queue first, a piece of work at a time: thousands of candidates take seconds.
 *
 * @returns What comes next in the queue, or `undefined` where something was done and nothing is known yet.
 */
export function* queueSteps(
  candidates: readonly QueueCandidate[],
  options: QueueOptions = {},
): Generator<QueueItem | undefined> {
  const { count = candidates.length, labelled = [], threshold = 0.5, weights = QUEUE_WEIGHTS } = options;
  check(candidates, labelled, threshold);
  const scaled = scale(candidates.map(({ embedding }) => embedding), labelled);
  // Distance of each candidate to the nearest sound that is labelled or queued.
  const distances: number[] = [];
  for (const candidate of scaled.candidates) {
    distances.push(nearest(candidate, scaled.labelled));
    yield undefined;
  }
  const finite = distances.filter(Number.isFinite);
  const farthest = finite.length > 0 ? Math.max(...finite) : spanOf(scaled.candidates);
  const doubts = candidates.map(({ scores }) => ({
    uncertainty: uncertaintyOf(scores, threshold),
    disagreement: disagreementOf(scores, threshold),
  }));
  const noveltyOf = (index: number) =>
    farthest > 0 ? Math.min(1, distances[index]! / farthest) : Number(distances[index] === Infinity);
  const worthOf = (index: number) =>
    weights.uncertainty * doubts[index]!.uncertainty + weights.disagreement * doubts[index]!.disagreement +
    weights.novelty * noveltyOf(index);

  const waiting = new Set(candidates.keys());
  for (let queued = 0; queued < count && waiting.size > 0; queued++) {
    let [best, worth] = [-1, -Infinity];
    for (const index of waiting) {
      const value = worthOf(index);
      if (value > worth) [best, worth] = [index, value];
    }
    waiting.delete(best);
    yield { id: candidates[best]!.id, worth, ...doubts[best]!, novelty: noveltyOf(best) };
    for (const index of waiting) {
      const gap = distance(scaled.candidates[index]!, scaled.candidates[best]!);
      if (gap < distances[index]!) distances[index] = gap;
    }
  }
}

/** Scores below and above the threshold, each stretched to a half of 0 to 1. */
function relative(score: number, threshold: number): number {
  return score < threshold ? 0.5 * score / threshold : 1 - 0.5 * (1 - score) / (1 - threshold);
}

/** Without a model, nothing is known of anything. */
function uncertaintyOf(scores: readonly number[], threshold: number): number {
  if (scores.length === 0) return 1;
  const mean = scores.reduce((sum, score) => sum + relative(score, threshold), 0) / scores.length;
  return 1 - Math.abs(2 * mean - 1);
}

function disagreementOf(scores: readonly number[], threshold: number): number {
  if (scores.length < 2) return 0;
  const values = scores.map((score) => relative(score, threshold));
  return Math.max(...values) - Math.min(...values);
}

/** Brings each number to unit spread over the candidates, so that none drowns the others. */
function scale(
  candidates: readonly Float32Array[],
  labelled: readonly Float32Array[],
): { candidates: Float32Array[]; labelled: Float32Array[] } {
  const D = candidates[0]?.length ?? 0;
  const [means, spreads] = [new Float64Array(D), new Float64Array(D)];
  for (let d = 0; d < D; d++) {
    const mean = candidates.reduce((sum, embedding) => sum + embedding[d]!, 0) / candidates.length;
    const variance = candidates.reduce((sum, embedding) => sum + (embedding[d]! - mean) ** 2, 0) /
      candidates.length;
    means[d] = mean;
    spreads[d] = Math.sqrt(variance) || 1;
  }
  const apply = (embedding: Float32Array) => embedding.map((value, d) => (value - means[d]!) / spreads[d]!);
  return { candidates: candidates.map(apply), labelled: labelled.map(apply) };
}

function distance(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let d = 0; d < a.length; d++) sum += (a[d]! - b[d]!) ** 2;
  return Math.sqrt(sum);
}

function nearest(embedding: Float32Array, others: readonly Float32Array[]): number {
  return others.reduce((least, other) => Math.min(least, distance(embedding, other)), Infinity);
}

/** Twice the largest distance from the first candidate, which no two candidates can be apart. */
function spanOf(embeddings: readonly Float32Array[]): number {
  const [first, ...others] = embeddings;
  return first ? 2 * Math.max(0, ...others.map((other) => distance(first, other))) : 0;
}

function check(
  candidates: readonly QueueCandidate[],
  labelled: readonly Float32Array[],
  threshold: number,
): void {
  if (!(threshold > 0 && threshold < 1)) {
    throw new RangeError(`Cannot queue: the threshold must be between 0 and 1, is ${threshold}`);
  }
  const D = candidates[0]?.embedding.length;
  const embeddings = [...candidates.map(({ embedding }) => embedding), ...labelled];
  if (D !== undefined && embeddings.some((embedding) => embedding.length !== D)) {
    throw new RangeError("Cannot queue: embeddings differ in length");
  }
  for (const { id, scores } of candidates) {
    const wrong = scores.find((score) => !(score >= 0 && score <= 1));
    if (wrong !== undefined) {
      throw new RangeError(`Cannot queue ${id}: its score ${wrong} is not from 0 to 1`);
    }
  }
}
