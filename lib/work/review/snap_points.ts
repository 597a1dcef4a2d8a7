import { framesToSeconds, type TimeGrid } from "lib/base/events/time_grid.ts";
import { computeMelSpectrogram, powerToDecibels } from "lib/learning/features/mel_spectrogram.ts";
import { roundToMs } from "lib/work/review/review_labels.ts";
import { findOnsets } from "lib/work/harvest/onsets.ts";

/** Times that a boundary may snap to, sorted. */
export interface SnapPoints {
  /** Where something begins. */
  readonly onsets: readonly number[];
  /** Where something has faded. */
  readonly offsets: readonly number[];
  /** Quiet spans, at whose ends and in whose middle to cut. */
  readonly quiet: readonly { readonly start: number; readonly end: number }[];
}

/** Frames of 10 ms: nobody sets a boundary finer by ear. */
const BANDS = { nFft: 1024, winLength: 400, hopLength: 160, nMels: 40, fMin: 80, fMax: 8000 } as const;
/** Power of sounds so faint that their ups and downs say nothing. */
const FAINTEST_POWER = 1e-6;
/** Quiet is what is at most this far above the faintest tenth, in decibels. */
const QUIET_MARGIN = 3;
/** A shorter pause is part of a sound, in seconds. */
const SHORTEST_QUIET = 0.12;

/**
 * Times in a span of sound at which it makes sense to set a boundary.
 *
 * @param samples Mono, shape [N].
 * @param options `start` is the time of the first sample; only points from `from` to `to` are given, in seconds.
 */
export function findSnapPoints(
  samples: Float32Array,
  options: {
    readonly sampleRate: number;
    readonly start: number;
    readonly from: number;
    readonly to: number;
  },
): SnapPoints {
  const { sampleRate, start, from, to } = options;
  const { data, shape } = computeMelSpectrogram(samples, { ...BANDS, sampleRate });
  for (let i = 0; i < data.length; i++) data[i] = powerToDecibels(data[i]!, FAINTEST_POWER);
  const period = BANDS.hopLength / sampleRate;
  // Frame t is centred on sample t * hopLength.
  const grid: TimeGrid = { startTime: start - period / 2, period };
  const sounds = findOnsets({ data, shape }, grid, { minGap: 0.15, maxDuration: 30 });
  const inside = (time: number) => time >= from && time <= to;
  const times = (values: readonly number[]) => values.map(roundToMs).filter(inside).sort((a, b) => a - b);
  return {
    onsets: times(sounds.map(({ onset }) => onset)),
    offsets: times(sounds.map(({ offset }) => offset)),
    quiet: findQuiet(data, shape, grid).filter(({ start, end }) => end >= from && start <= to),
  };
}

function findQuiet(
  decibels: Float32Array,
  [T, M]: readonly [number, number],
  grid: TimeGrid,
): { start: number; end: number }[] {
  const levels = new Float32Array(T);
  for (let t = 0; t < T; t++) {
    let sum = 0;
    for (let m = 0; m < M; m++) sum += decibels[t * M + m]!;
    levels[t] = sum / M;
  }
  const limit = levels.toSorted()[Math.floor(T / 10)]! + QUIET_MARGIN;
  const shortest = SHORTEST_QUIET / grid.period;
  const quiet: { start: number; end: number }[] = [];
  for (let t = 0, begin = 0; t <= T; t++) {
    if (t < T && levels[t]! <= limit) continue;
    if (t - begin >= shortest) {
      quiet.push({
        start: Math.max(0, roundToMs(framesToSeconds(begin, grid))),
        end: roundToMs(framesToSeconds(t, grid)),
      });
    }
    begin = t + 1;
  }
  return quiet;
}
