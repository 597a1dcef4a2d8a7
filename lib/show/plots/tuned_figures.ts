import type { PointRule } from "lib/learning/evaluate/choose_point.ts";
import type { BandPoint } from "lib/learning/evaluate/curve_band.ts";
import type { CurvePoint } from "lib/learning/evaluate/operating_curve.ts";
import type { TunedEvent } from "lib/learning/evaluate/tune_event.ts";
import type { Figure } from "lib/show/plots/figure.ts";
import { plotOperatingCurve } from "lib/show/plots/operating_curve.ts";
import { plotPrecisionRecall } from "lib/show/plots/precision_recall.ts";
import { plotTuningGrid } from "lib/show/plots/tuning_grid.ts";

/** A choice of a threshold, with the band around the curve. */
interface TunedCurve {
  readonly tuned: TunedEvent;
  readonly bands: readonly BandPoint[];
}

/** Recall against false alarms an hour with its band, the choice and what was before. */
export function plotTunedCurve(event: string, { tuned, bands }: TunedCurve, rule?: PointRule): Figure {
  return plotOperatingCurve({
    title: `What a threshold costs: ${event}`,
    bandName: "95 % band, by resampling minutes",
    points: sensible(tuned.curve).map((point) => {
      const recall = bands.find(({ threshold }) => threshold === point.threshold)?.recall;
      return {
        ...point,
        ...(recall && Number.isFinite(recall.lower)
          ? { recallInterval: [recall.lower, recall.upper] as const }
          : {}),
      };
    }),
    threshold: tuned.chosen.threshold,
    earlierThreshold: tuned.before.threshold,
    ...(rule?.kind === "budget" ? { budget: rule.falseAlarmsPerHour } : {}),
  });
}

/**
 * The part of a curve that anybody would choose from: at still lower thresholds events run together, so that fewer are
 * found and the curve turns back.
 */
function sensible(curve: readonly CurvePoint[]): readonly CurvePoint[] {
  const most = Math.max(...curve.map(({ recall }) => recall));
  return curve.slice(curve.findIndex(({ recall }) => recall === most));
}

/** Precision against recall, with the choice. */
export function plotTunedPrecision(event: string, { tuned }: Pick<TunedCurve, "tuned">): Figure {
  const points = sensible(tuned.curve).filter(({ found }) => found > 0);
  return plotPrecisionRecall([{ name: event, points, threshold: tuned.chosen.threshold }], {
    title: `Precision and recall of ${event} on recordings`,
  });
}

/**
 * The settings that were tried, with the choice.
 * @throws {RangeError} If no grid was tuned.
 */
export function plotTunedGrid(event: string, tuned: TunedEvent, rule?: PointRule): Figure {
  if (!tuned.grid) {
    throw new RangeError("Cannot draw settings: only the threshold was tuned; tune with a grid");
  }
  const { smoothing, offsetRatio, minDuration } = tuned.postprocessing;
  return plotTuningGrid({
    label: event,
    cells: tuned.grid,
    measure: rule === undefined || rule.kind === "best-f1" ? "F1" : "recall",
    chosen: { smoothing: smoothing.duration, offsetRatio, minDuration },
  });
}
