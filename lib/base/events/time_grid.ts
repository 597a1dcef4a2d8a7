/**
 * Evenly spaced frames over a recording. Frame `t` stands for the interval
 * `[startTime + t * period, startTime + (t + 1) * period)`.
 */
export interface TimeGrid {
  /** Start of frame 0, in seconds. */
  readonly startTime: number;
  /** Distance between the starts of two frames, in seconds. */
  readonly period: number;
}

/** Start of frame `frame` (may be a fraction), in seconds. */
export function framesToSeconds(frame: number, grid: TimeGrid): number {
  return grid.startTime + frame * grid.period;
}

/** Index of the frame that contains `seconds`; below 0 when before the grid. */
export function secondsToFrame(seconds: number, grid: TimeGrid): number {
  // Times that come out of framesToSeconds() must lead back to the same frame despite rounding.
  return Math.floor((seconds - grid.startTime) / grid.period + 1e-9);
}

/** Number of samples nearest to a duration in seconds. */
export function secondsToSamples(seconds: number, sampleRate: number): number {
  return Math.round(seconds * sampleRate);
}

/** Duration of `samples` samples, in seconds. */
export function samplesToSeconds(samples: number, sampleRate: number): number {
  return samples / sampleRate;
}
