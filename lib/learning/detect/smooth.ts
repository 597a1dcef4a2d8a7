import { concatenate } from "lib/base/numbers/concatenate.ts";

/** A centred filter over time: how a score is made smooth with its neighbours. */
export interface SmoothingOptions {
  readonly kind: "none" | "mean" | "median";
  /** Scores under the filter, an odd number; 1 changes nothing. */
  readonly length: number;
  /** Events K in each row of scores. */
  readonly width: number;
}

/** Filters scores that arrive in parts; each part may have any number of rows. */
interface Smoother {
  /** Takes scores, shape [t, K]; gives the rows that are complete now, half a filter later. */
  push(scores: Float32Array): Float32Array;
  /** Gives the last rows; to be called once, at the end. */
  flush(): Float32Array;
}

/** The odd number of scores that comes closest to a duration in seconds, at least 1. */
export function smoothingLength(duration: number, period: number): number {
  return 2 * Math.max(0, Math.round((duration / period - 1) / 2)) + 1;
}

/**
 * Makes a smoother. At both ends of the recording the filter covers only the scores that exist, so nothing is
 * assumed about what lies outside. The result does not depend on the parts that the scores arrive in.
 *
 * @throws {RangeError} If `length` is not an odd number above 0.
 */
export function createSmoother(options: SmoothingOptions): Smoother {
  const { kind, length, width } = options;
  if (!Number.isInteger(length) || length < 1 || length % 2 === 0) {
    throw new RangeError(`Cannot smooth scores: the length must be an odd number, is ${length}`);
  }
  if (kind === "none" || length === 1) return { push: (scores) => scores, flush: () => new Float32Array(0) };

  const half = (length - 1) / 2;
  const centre = kind === "mean" ? mean : median;
  const window = new Float32Array(length);
  // Rows that are still under the filter, of which `before` have been given out already.
  let rows = new Float32Array(0);
  let before = 0;

  const advance = (last: boolean): Float32Array => {
    const count = rows.length / width;
    const until = last ? count : Math.max(before, count - half);
    const out = new Float32Array((until - before) * width);
    for (let t = before; t < until; t++) {
      const from = Math.max(0, t - half);
      const to = Math.min(count, t + half + 1);
      for (let k = 0; k < width; k++) {
        for (let i = from; i < to; i++) window[i - from] = rows[i * width + k]!;
        out[(t - before) * width + k] = centre(window, to - from);
      }
    }
    const keep = Math.max(0, until - half);
    rows = rows.slice(keep * width);
    before = until - keep;
    return out;
  };

  return {
    push(scores) {
      rows = concatenate([rows, scores]);
      return advance(false);
    },
    flush: () => advance(true),
  };
}

/** Smooths all scores of a recording at once, shape [T, K]. */
export function smoothScores(scores: Float32Array, options: SmoothingOptions): Float32Array {
  const smoother = createSmoother(options);
  return concatenate([smoother.push(scores), smoother.flush()]);
}

function mean(window: Float32Array, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += window[i]!;
  return sum / count;
}

/** Sorts the first `count` numbers in place; windows are a dozen numbers, where insertion is fastest. */
function median(window: Float32Array, count: number): number {
  for (let i = 1; i < count; i++) {
    const value = window[i]!;
    let j = i - 1;
    for (; j >= 0 && window[j]! > value; j--) window[j + 1] = window[j]!;
    window[j + 1] = value;
  }
  const middle = count >> 1;
  return count % 2 === 1 ? window[middle]! : (window[middle - 1]! + window[middle]!) / 2;
}
