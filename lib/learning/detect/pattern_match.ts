import { concatenate } from "lib/base/numbers/concatenate.ts";

/** Holds a pattern of frames against every stretch of a recording of the same length. */
export interface PatternMatcher {
  /** Frames in the pattern. */
  readonly length: number;
  /** Takes whitened frames, shape [t, M]; gives the similarities of the stretches that they complete, from -1 to 1. */
  push(frames: Float32Array): Float32Array;
}

/** Added to the mean square of a stretch, so that one in which next to nothing happens is like nothing. */
const QUIET = 0.02;

/** Makes a matcher of a pattern, shape [L, M], by the cosine of the angle between pattern and stretch. */
export function createPatternMatcher(pattern: Float32Array, bands: number): PatternMatcher {
  const length = pattern.length / bands;
  const norm = Math.sqrt(squareSum(pattern, 0, pattern.length)) || 1;
  const unit = pattern.map((value) => value / norm);
  let held = new Float32Array(0);
  return {
    length,
    push(frames) {
      const joined = concatenate([held, frames]);
      const count = Math.max(0, joined.length / bands - length + 1);
      const scores = new Float32Array(count);
      // Squares of each frame once, and sums over stretches from them, added up anew to keep rounding out.
      const squares = new Float64Array(joined.length / bands);
      for (let t = 0; t < squares.length; t++) squares[t] = squareSum(joined, t * bands, (t + 1) * bands);
      for (let t = 0; t < count; t++) {
        let product = 0;
        const from = t * bands;
        for (let i = 0; i < unit.length; i++) product += unit[i]! * joined[from + i]!;
        let square = QUIET * pattern.length;
        for (let i = t; i < t + length; i++) square += squares[i]!;
        scores[t] = product / Math.sqrt(square);
      }
      held = joined.slice(count * bands);
      return scores;
    },
  };
}

function squareSum(values: Float32Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += values[i]! * values[i]!;
  return sum;
}

/** A stretch that is more like the pattern than all around it. */
interface Peak {
  readonly frame: number;
  readonly score: number;
}

/** The highest peaks of scores, none closer to a higher one than `distance` frames; highest first. */
export function highestPeaks(scores: Float32Array, distance: number, count: number): Peak[] {
  const order = Array.from(scores.keys())
    .filter((t) => scores[t]! > 0 && !(scores[t - 1]! > scores[t]!) && !(scores[t + 1]! > scores[t]!))
    .sort((a, b) => scores[b]! - scores[a]! || a - b);
  const taken: Peak[] = [];
  for (const frame of order) {
    if (taken.length === count) break;
    if (taken.some((peak) => Math.abs(peak.frame - frame) < distance)) continue;
    taken.push({ frame, score: scores[frame]! });
  }
  return taken;
}
