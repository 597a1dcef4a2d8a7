/** How long stretches of the class may be, in frames of the scores. */
export interface BreakLengths {
  readonly shortest: number;
  readonly longest: number;
  /** The shortest stretch between two of them. */
  readonly shortestBetween: number;
}

/** Scores nearer to 0 or 1 than this count as this: one frame must not decide alone. */
const LEAST = 0.02;
/** What each change of class costs, as a logarithm of a probability. */
const CHANGE_COST = 4;

/**
 * The likeliest stretches of a class, by scores and by how long they can be: the Viterbi path of a hidden semi-Markov model of
 * two states, the lengths of each uniform between their limits (Yu, 2010). The first and the last stretch may be shorter,
 * since the recording may begin or end within them.
 *
 * @param scores Probabilities, shape [T].
 * @returns Stretches as frames, the end excluded, in order.
 */
export function decodeBreaks(
  scores: Float32Array,
  { shortest, longest, shortestBetween }: BreakLengths,
): { readonly start: number; readonly end: number }[] {
  const T = scores.length;
  // Sums of the log odds: what it gains to call frames up to t the class.
  const gain = new Float64Array(T + 1);
  for (let t = 0; t < T; t++) {
    const p = Math.min(1 - LEAST, Math.max(LEAST, scores[t]!));
    gain[t + 1] = gain[t]! + Math.log(p / (1 - p));
  }
  // Best paths whose stretch of the class, or of the rest, ends at t, and where that stretch began.
  const active = new Float64Array(T + 1).fill(-Infinity);
  const rest = new Float64Array(T + 1).fill(-Infinity);
  const activeFrom = new Int32Array(T + 1);
  const restFrom = new Int32Array(T + 1);
  rest[0] = 0;
  // Stretches of the rest have no longest, so that the best start so far is enough.
  let [best, seen] = [0, 0];
  for (let t = 1; t <= T; t++) {
    const isLast = t === T;
    for (let from = Math.max(0, t - longest); from < t; from++) {
      if (t - from < shortest && from > 0 && !isLast) break;
      const value = rest[from]! + gain[t]! - gain[from]! - CHANGE_COST;
      if (value > active[t]!) [active[t], activeFrom[t]] = [value, from];
    }
    for (const latest = isLast ? t - 1 : t - shortestBetween; seen < latest;) {
      if (active[++seen]! > (best === 0 ? 0 : active[best]!)) best = seen;
    }
    [rest[t], restFrom[t]] = best === 0 ? [0, 0] : [active[best]!, best];
  }
  const stretches: { start: number; end: number }[] = [];
  let inClass = active[T]! > rest[T]!;
  for (let t = T; t > 0; inClass = !inClass) {
    const from = inClass ? activeFrom[t]! : restFrom[t]!;
    if (inClass) stretches.unshift({ start: from, end: t });
    t = from;
  }
  return stretches;
}
