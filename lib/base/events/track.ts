import type { TimeGrid } from "lib/base/events/time_grid.ts";

/** Values over time: scores of sounds, what a network makes of a sound, loudness; K of them in each frame of a grid. */
export interface Track {
  /** What the values are, such as `scores`. */
  readonly name: string;
  readonly grid: TimeGrid;
  /** What each of the K values of a frame is: the name of a sound, a number. */
  readonly columns: readonly string[];
  /** Shape [T, K], row-major; bytes are values from 0 to 1 in steps of 1/255. */
  readonly data: Float32Array | Uint8Array;
}

/** Frames T of a track. */
export function framesOf({ data, columns }: Track): number {
  return data.length / columns.length;
}

/** A value from 0 to 1 as a byte; what is beyond is cut off. */
export function toUnitByte(value: number): number {
  return Math.round(255 * Math.min(1, Math.max(0, value)));
}

/** The values of a track, shape [T, K]. */
export function valuesOf({ data }: Track): Float32Array {
  return data instanceof Float32Array ? data : Float32Array.from(data, (byte) => byte / 255);
}

/**
 * The highest value of each frame, shape [T].
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { highestOf } from "lib/base/events/track.ts";
 *
 * const grid = { startTime: 0, period: 0.08 };
 * const data = Float32Array.of(0.25, 0.5, 0.75, 0);
 * assert.deepEqual([...highestOf({ name: "scores", grid, columns: ["burp", "cough"], data })], [0.5, 0.75]);
 * ```
 */
export function highestOf(track: Track): Float32Array {
  const K = track.columns.length;
  const values = valuesOf(track);
  return Float32Array.from(
    { length: framesOf(track) },
    (_, t) => values.subarray(t * K, (t + 1) * K).reduce((most, value) => Math.max(most, value), -Infinity),
  );
}
