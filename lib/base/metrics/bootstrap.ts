import type { Interval } from "lib/base/metrics/intervals.ts";
import { quantile } from "lib/base/numbers/statistics.ts";

/** Where random picks come from; the project's seeded random stream is one. */
interface RandomIntegers {
  /** Whole number, uniform in 0..n-1. */
  integer(n: number): number;
}

/** How to resample. */
export interface BootstrapOptions {
  readonly random: RandomIntegers;
  /** Number of resamples; 1000 by default. */
  readonly resamples?: number;
  /** Share of resamples inside the interval; 0.95 by default. */
  readonly confidence?: number;
}

/**
 * Resamples units with replacement, and gives the statistic of each resample, sorted; undefined values (NaN) are left out.
 *
 * The units must be independent of each other: minutes or recordings, not frames.
 *
 * @param unitCount Number of units; above 0.
 * @param statistic Gets how often each unit was drawn, shape [unitCount].
 * @throws {RangeError} If there is no unit.
 */
export function bootstrap(
  unitCount: number,
  statistic: (weights: Uint32Array) => number,
  options: BootstrapOptions,
): Float64Array {
  if (!(unitCount > 0)) throw new RangeError("Cannot resample: there is no unit");
  const { random, resamples = 1000 } = options;
  const values: number[] = [];
  const weights = new Uint32Array(unitCount);
  for (let r = 0; r < resamples; r++) {
    drawWeights(weights, random);
    const value = statistic(weights);
    if (!Number.isNaN(value)) values.push(value);
  }
  return Float64Array.from(values).sort();
}

/** Draws as many units as there are, with replacement: fills `weights` with how often each was drawn. */
export function drawWeights(weights: Uint32Array, random: RandomIntegers): void {
  weights.fill(0);
  for (let i = 0; i < weights.length; i++) weights[random.integer(weights.length)]! += 1;
}

/** Percentile interval of resampled values that are sorted; NaN at both ends where there are none. */
export function percentileInterval(sorted: ArrayLike<number>, confidence = 0.95): Interval {
  const tail = (1 - confidence) / 2;
  return { lower: quantile(sorted, tail), upper: quantile(sorted, 1 - tail) };
}

/** The difference of two systems on the same units. */
export interface PairedDifference {
  /** Statistic of the second system minus that of the first. */
  readonly difference: number;
  readonly interval: Interval;
  /** Share of resamples in which the difference has the other sign or is 0, twice, at most 1: a two-sided p-value. */
  readonly pValue: number;
}

/**
 * Compares two systems on the same units by a paired bootstrap: both get the same resamples, so that how hard a unit is
 * does not blur the difference.
 *
 * @param first Statistic of the first system for how often each unit was drawn.
 * @param second The same of the second.
 * @throws {RangeError} If there is no unit.
 */
export function pairedBootstrap(
  unitCount: number,
  first: (weights: Uint32Array) => number,
  second: (weights: Uint32Array) => number,
  options: BootstrapOptions,
): PairedDifference {
  const once = new Uint32Array(unitCount).fill(1);
  const difference = second(once) - first(once);
  const values = bootstrap(unitCount, (weights) => second(weights) - first(weights), options);
  const opposite = values.filter((value) => difference > 0 ? value <= 0 : value >= 0).length;
  return {
    difference,
    interval: percentileInterval(values, options.confidence),
    // One more than counted: the data themselves are one of the possible samples, so that no p-value is 0.
    pValue: Math.min(1, 2 * (opposite + 1) / (values.length + 1)),
  };
}
