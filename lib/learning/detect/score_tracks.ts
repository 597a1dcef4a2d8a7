import { toUnitByte, type Track } from "lib/base/events/track.ts";

/** Scores over time that are kept in memory, in steps of 1/255. */
interface ScoreBytes {
  /** Takes scores from 0 to 1, shape [t, K]. */
  push(scores: Float32Array): void;
  /** All so far, shape [T, K]. */
  all(): Uint8Array<ArrayBuffer>;
}

/** Keeps scores as a byte each: an hour of 521 sounds every 160 ms is 12 MB. */
export function createScoreBytes(): ScoreBytes {
  let data = new Uint8Array(4096);
  let length = 0;
  return {
    push(scores) {
      if (length + scores.length > data.length) {
        const larger = new Uint8Array(Math.max(2 * data.length, length + scores.length));
        larger.set(data.subarray(0, length));
        data = larger;
      }
      for (const score of scores) data[length++] = toUnitByte(score);
    },
    all: () => data.slice(0, length),
  };
}

/** Highest score of one sound in frames `start` to before `end` of scores that are kept as bytes, from 0 to 1. */
export function highestBetween(
  { data, columns }: Track,
  column: number,
  { start, end }: { readonly start: number; readonly end: number },
): number {
  let most = 0;
  for (let at = start * columns.length + column; at < end * columns.length && at < data.length;) {
    if (data[at]! > most) most = data[at]!;
    at += columns.length;
  }
  return most / 255;
}

/** Scores of K sounds, shape [t, K], out of those of each, shape [t]. */
export function joinColumns(columns: readonly Float32Array[]): Float32Array {
  const K = columns.length;
  const joined = new Float32Array(K * (columns[0]?.length ?? 0));
  columns.forEach((values, k) => values.forEach((value, t) => joined[t * K + k] = value));
  return joined;
}

/** Scores of one sound, shape [t], out of those of K sounds, shape [t, K]. */
export function columnOf(scores: Float32Array, column: number, width: number): Float32Array {
  if (width === 1) return scores;
  const values = new Float32Array(scores.length / width);
  for (let t = 0; t < values.length; t++) values[t] = scores[t * width + column]!;
  return values;
}
