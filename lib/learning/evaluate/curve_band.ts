import { type BootstrapOptions, drawWeights, percentileInterval } from "lib/base/metrics/bootstrap.ts";
import type { Interval } from "lib/base/metrics/intervals.ts";
import { type CurveCounts, type CurvePoint, operatingCurve } from "lib/learning/evaluate/operating_curve.ts";

/** How sure a point of a curve is. */
export interface BandPoint {
  readonly threshold: number;
  readonly precision: Interval;
  readonly recall: Interval;
  readonly f1: Interval;
  readonly falseAlarmsPerHour: Interval;
}

type Figure = Exclude<keyof BandPoint, "threshold">;

/** Resamples by default: enough for the ends of a 95 % interval, and fast. */
const RESAMPLES = 500;

/**
 * The band around an operating curve, by resampling minutes with replacement: how much the curve would move on other
 * recordings of the same kind. Where no false alarm was seen, the band cannot see any either; `rateUpperBound` can, and
 * `shareInterval` where nothing found was wrong.
 *
 * @returns For each threshold; ends are NaN where no resample tells a figure.
 */
export function curveBand(counts: CurveCounts, options: BootstrapOptions): BandPoint[] {
  const { random, resamples = RESAMPLES, confidence = 0.95 } = options;
  const weights = new Uint32Array(counts.seconds.length);
  const curves = Array.from({ length: resamples }, () => {
    drawWeights(weights, random);
    return operatingCurve(counts, weights);
  });
  return counts.thresholds.map((threshold, j) => {
    const interval = (key: Figure) => {
      const points = curves.map((curve): CurvePoint => curve[j]!).filter((point) => isKnown(key, point));
      return percentileInterval(Float64Array.from(points, (point) => point[key]).sort(), confidence);
    };
    return {
      threshold,
      precision: interval("precision"),
      recall: interval("recall"),
      f1: interval("f1"),
      falseAlarmsPerHour: interval("falseAlarmsPerHour"),
    };
  });
}

/** Without annotations in a resample, there is no recall in it; without anything found, no precision. */
function isKnown(key: Figure, { annotated, found }: CurvePoint): boolean {
  if (key === "falseAlarmsPerHour") return true;
  return key === "precision" ? found > 0 : annotated > 0;
}
