import { roundTo } from "lib/base/numbers/round_to.ts";
import { bandTrace } from "lib/show/plots/band_trace.ts";
import { baseLayout, titledAxis } from "lib/show/plots/base_layout.ts";
import { OKABE_ITO, ROLE_COLOURS } from "lib/show/plots/colours.ts";
import { type Figure, FIGURE_CONFIG } from "lib/show/plots/figure.ts";
import type { ScatterTrace } from "lib/show/plots/figure_traces.ts";

/** What one threshold gives on continuous recordings. */
interface OperatingCurvePoint {
  readonly threshold: number;
  /** Share of the annotated events that is found, from 0 to 1. */
  readonly recall: number;
  readonly falseAlarmsPerHour: number;
  /** Lower and upper end of the recall's confidence interval. */
  readonly recallInterval?: readonly [number, number];
}

/** What {@link plotOperatingCurve} draws. */
interface OperatingCurvePlot {
  readonly points: readonly OperatingCurvePoint[];
  readonly title?: string;
  /** What the band is, such as "95 % band, bootstrap over minutes". */
  readonly bandName?: string;
  /** The chosen threshold, drawn as a star at the nearest point. */
  readonly threshold?: number | undefined;
  /** The threshold before the choice, drawn as an open circle. */
  readonly earlierThreshold?: number;
  /** Most false alarms an hour that are acceptable, drawn as a line. */
  readonly budget?: number;
}

/** Points that the curve keeps; beyond it, every nth. */
const MAX_POINTS = 800;

/** Recall against false alarms an hour with a confidence band, the curve by which a streamer picks a threshold. */
export function plotOperatingCurve(plot: OperatingCurvePlot): Figure {
  const { title = "What a threshold costs", bandName = "95 % band", threshold, earlierThreshold, budget } =
    plot;
  const every = Math.ceil(plot.points.length / MAX_POINTS);
  const sorted = plot.points.toSorted((a, b) =>
    a.falseAlarmsPerHour - b.falseAlarmsPerHour || a.recall - b.recall
  );
  const points = sorted.filter((_, index) => index % every === 0 || index === sorted.length - 1);
  const traces: ScatterTrace[] = [];
  const banded = points.flatMap(({ falseAlarmsPerHour, recallInterval }) =>
    recallInterval ? [{ x: falseAlarmsPerHour, lower: recallInterval[0], upper: recallInterval[1] }] : []
  );
  if (banded.length > 1) traces.push(bandTrace(bandName, banded));
  traces.push({
    type: "scatter",
    name: "Recall",
    mode: "lines",
    x: points.map((point) => roundTo(point.falseAlarmsPerHour, 3)),
    y: points.map((point) => roundTo(point.recall, 4)),
    customdata: points.map((point) => [Number(point.threshold.toPrecision(4))]),
    line: { color: OKABE_ITO.blue, width: 2.5, shape: "hv" },
    hovertemplate: "<b>Threshold %{customdata[0]}</b>: finds %{y:.0%}, %{x:.1f} false alarms an hour<br>" +
      "Pass this threshold to find, or store it with deno task tune<extra></extra>",
  });
  const mark = (value: number, name: string, symbol: "star" | "circle-open", color: string) => {
    const nearest =
      plot.points.toSorted((a, b) => Math.abs(a.threshold - value) - Math.abs(b.threshold - value))[0];
    if (!nearest) return;
    traces.push({
      type: "scatter",
      name: `${name} ${roundTo(value, 3)}`,
      mode: "markers",
      x: [roundTo(nearest.falseAlarmsPerHour, 3)],
      y: [roundTo(nearest.recall, 4)],
      marker: { symbol, size: symbol === "star" ? 17 : 12, color, line: { color, width: 2 } },
      cliponaxis: false,
      hovertemplate: `${name}: finds %{y:.0%}, %{x:.1f} false alarms an hour<extra></extra>`,
    });
  };
  if (earlierThreshold !== undefined) mark(earlierThreshold, "Earlier threshold", "circle-open", "#808080");
  if (threshold !== undefined) mark(threshold, "Chosen threshold", "star", OKABE_ITO.vermillion);
  if (budget !== undefined) {
    traces.push({
      type: "scatter",
      name: `Budget: ${roundTo(budget, 3)} an hour`,
      mode: "lines",
      x: [budget, budget],
      y: [0, 1],
      line: { color: ROLE_COLOURS.threshold, width: 1.5, dash: "dash" },
      hovertemplate: "The budget of false alarms: choose a threshold to the left of it<extra></extra>",
    });
  }
  return {
    data: traces,
    layout: {
      ...baseLayout({
        title,
        subtitle: "Further to the top left is better",
        hint: "Double-click to see every threshold",
      }),
      height: 460,
      xaxis: titledAxis("False alarms (per hour of recording)", { range: [0, rightEnd(plot)] }),
      yaxis: titledAxis("Recall: found share of events (0 to 1)", { range: [0, 1.04] }),
    },
    config: FIGURE_CONFIG,
  };
}

/** The interesting part: up to three budgets, or where nine tenths of the reachable recall is reached. */
function rightEnd({ points, budget, threshold }: OperatingCurvePlot): number {
  const most = points.reduce((most, point) => Math.max(most, point.falseAlarmsPerHour), 0);
  const best = points.reduce((best, point) => Math.max(best, point.recall), 0);
  const enough = points.filter((point) => point.recall >= 0.9 * best)
    .reduce((least, point) => Math.min(least, point.falseAlarmsPerHour), most);
  const chosen = points.find((point) => point.threshold === threshold)?.falseAlarmsPerHour ?? 0;
  const wanted = Math.max(3 * (budget ?? 0), 1.5 * enough, 1.5 * chosen);
  return wanted > 0 ? Math.min(wanted, most * 1.03) || 1 : Math.max(1, most * 1.03);
}
