import { framesToSeconds, type TimeGrid } from "lib/base/events/time_grid.ts";

/** A place where something begins that stands out from what went before. */
export interface Onset {
  /** In seconds from the start of the recording. */
  readonly onset: number;
  /** Where it has faded, or something else begins, in seconds. */
  readonly offset: number;
  /** How far it stands out from the background, in decibels, averaged over the bands and its first 0.6 s. */
  readonly salience: number;
  /** Highest level within it, in decibels of full scale, averaged over the bands; what the loudest would be chosen by. */
  readonly level: number;
}

/** Options of {@link findOnsets}. */
export interface OnsetOptions {
  /** Smallest rise that counts, in decibels, averaged over the bands. */
  readonly minRise: number;
  /** Shortest distance of two onsets, in seconds. */
  readonly minGap: number;
  /** Longest sound, in seconds. */
  readonly maxDuration: number;
}

/** Two onsets of one sound are rarely 0.3 s apart; of recorded burps the longest tenth is above 2.4 s. */
const DEFAULT_ONSETS = Object.freeze({
  minRise: 1.5,
  minGap: 0.3,
  maxDuration: 4,
}) satisfies OnsetOptions;

/** Share of the frames that are taken for background, in each band. */
const BACKGROUND_SHARE = 0.3;
const BEFORE_SECONDS = 0.3;
const AFTER_SECONDS = 0.3;
const SALIENCE_SECONDS = 0.6;

/**
 * Finds onsets in a log-mel spectrogram. The background of each band is its 30th percentile over all that is given, so
 * give some seconds around the part of interest.
 *
 * @param decibels Log-mel spectrogram in decibels, row-major, shape [T, M].
 * @returns In the order of time.
 * @throws {RangeError} if data and shape do not fit.
 */
export function findOnsets(
  decibels: { readonly data: Float32Array; readonly shape: readonly [number, number] },
  grid: TimeGrid,
  options: Partial<OnsetOptions> = {},
): Onset[] {
  const { minRise, minGap, maxDuration } = { ...DEFAULT_ONSETS, ...options };
  const { data, shape: [T, M] } = decibels;
  if (data.length !== T * M) throw new RangeError(`${data.length} values do not have the shape [${T}, ${M}]`);
  if (T === 0) return [];
  const { excess, level } = frameExcess(data, T, M);
  const frames = (seconds: number) => Math.max(1, Math.round(seconds / grid.period));
  const sums = new Float64Array(T + 1);
  for (let t = 0; t < T; t++) sums[t + 1] = sums[t]! + excess[t]!;
  const mean = (from: number, to: number) => {
    const [a, b] = [Math.max(0, from), Math.min(T, to)];
    return b > a ? (sums[b]! - sums[a]!) / (b - a) : 0;
  };
  const rise = new Float32Array(T);
  // What is there from the beginning may have begun before it.
  for (let t = frames(BEFORE_SECONDS); t < T; t++) {
    rise[t] = mean(t, t + frames(AFTER_SECONDS)) - mean(t - frames(BEFORE_SECONDS), t);
  }
  const starts = pickPeaks(rise, minRise, frames(minGap));
  return starts.map((start, i) => {
    const limit = Math.min(T, start + frames(maxDuration), starts[i + 1] ?? T);
    const end = findEnd(excess, start, limit);
    return {
      onset: framesToSeconds(start, grid),
      offset: framesToSeconds(end, grid),
      salience: mean(start, start + frames(SALIENCE_SECONDS)),
      level: level.subarray(start, end).reduce((highest, value) => Math.max(highest, value), -Infinity),
    };
  });
}

function frameExcess(
  data: Float32Array,
  T: number,
  M: number,
): { excess: Float32Array; level: Float32Array } {
  const excess = new Float32Array(T);
  const level = new Float32Array(T);
  const band = new Float32Array(T);
  for (let m = 0; m < M; m++) {
    for (let t = 0; t < T; t++) band[t] = data[t * M + m]!;
    const background = band.slice().sort()[Math.floor((T - 1) * BACKGROUND_SHARE)]!;
    for (let t = 0; t < T; t++) {
      excess[t] = excess[t]! + Math.max(0, band[t]! - background) / M;
      level[t] = level[t]! + band[t]! / M;
    }
  }
  return { excess, level };
}

/** Highest points first; each forbids others within `gap` frames. */
function pickPeaks(values: Float32Array, threshold: number, gap: number): number[] {
  const peaks: number[] = [];
  for (let t = 0; t < values.length; t++) {
    const value = values[t]!;
    if (value >= threshold && value >= (values[t - 1] ?? 0) && value > (values[t + 1] ?? 0)) peaks.push(t);
  }
  const chosen: number[] = [];
  for (const peak of peaks.toSorted((a, b) => values[b]! - values[a]!)) {
    if (chosen.every((other) => Math.abs(other - peak) >= gap)) chosen.push(peak);
  }
  return chosen.toSorted((a, b) => a - b);
}

/** First frame at which the sound has fallen to a third of its highest excess, and stays there for five frames. */
function findEnd(excess: Float32Array, start: number, limit: number): number {
  let highest = 0;
  let quiet = 0;
  for (let t = start; t < limit; t++) {
    highest = Math.max(highest, excess[t]!);
    quiet = excess[t]! < highest / 3 ? quiet + 1 : 0;
    if (quiet === 5) return t - 4;
  }
  return limit;
}
