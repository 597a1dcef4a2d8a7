import { roundTo } from "lib/base/numbers/round_to.ts";
import { baseLayout, titledAxis } from "lib/show/plots/base_layout.ts";
import { SERIES_COLOURS } from "lib/show/plots/colours.ts";
import { type Figure, FIGURE_CONFIG, figureText } from "lib/show/plots/figure.ts";
import type { ScatterTrace } from "lib/show/plots/figure_traces.ts";

/** Precision and recall when everything that reaches `threshold` counts as found. */
interface PrecisionRecallPoint {
  readonly threshold: number;
  /** Share of the found that is right, from 0 to 1. */
  readonly precision: number;
  /** Share of the annotated that is found, from 0 to 1. */
  readonly recall: number;
}

/** The curve of one model. */
interface PrecisionRecallCurve {
  readonly name: string;
  readonly points: readonly PrecisionRecallPoint[];
  /** Average precision, from 0 to 1, for the legend. */
  readonly averagePrecision?: number;
  /** The threshold in use, drawn as a star at the nearest point. */
  readonly threshold?: number | undefined;
}

/**
 * Precision against recall of up to six models. Curves are thinned to the points that move by a thousandth.
 *
 * @param options.positiveShare Share of positives in the data: the precision of a coin, drawn as the baseline.
 * @throws {RangeError} for more curves than there are colours.
 */
export function plotPrecisionRecall(
  curves: readonly PrecisionRecallCurve[],
  options: { readonly title?: string; readonly positiveShare?: number } = {},
): Figure {
  if (curves.length > SERIES_COLOURS.length) {
    throw new RangeError(`Cannot compare ${curves.length} curves: at most ${SERIES_COLOURS.length}`);
  }
  const dashes = ["solid", "dash", "dot", "dashdot"] as const;
  const traces = curves.flatMap((curve, index): ScatterTrace[] => {
    const color = SERIES_COLOURS[index]!;
    const points = distinct(curve.points);
    const name = figureText(curve.name);
    const line: ScatterTrace = {
      type: "scatter",
      name: curve.averagePrecision === undefined ? name : `${name} (AP ${curve.averagePrecision.toFixed(3)})`,
      mode: "lines",
      x: points.map(({ recall }) => roundTo(recall, 4)),
      y: points.map(({ precision }) => roundTo(precision, 4)),
      customdata: points.map(({ threshold }) => [Number(threshold.toPrecision(4))]),
      line: { color, width: 2.5, dash: dashes[index % dashes.length]! },
      hovertemplate:
        `<b>${name}</b>: threshold %{customdata[0]} finds %{x:.0%} of the annotated, %{y:.0%} of the ` +
        "found are right<br>Right end for more events, left end for fewer mistakes<extra></extra>",
    };
    const chosen = curve.threshold === undefined ? undefined : nearest(curve.points, curve.threshold);
    if (!chosen) return [line];
    return [line, {
      type: "scatter",
      name: `${name}: threshold ${roundTo(curve.threshold!, 3)}`,
      mode: "markers",
      x: [roundTo(chosen.recall, 4)],
      y: [roundTo(chosen.precision, 4)],
      marker: { symbol: "star", size: 15, color },
      hovertemplate: `The threshold in use: recall %{x:.0%}, precision %{y:.0%}<extra></extra>`,
    }];
  });
  const { title = "Precision and recall", positiveShare } = options;
  if (positiveShare !== undefined) {
    traces.push({
      type: "scatter",
      name: "Guessing",
      mode: "lines",
      x: [0, 1],
      y: [roundTo(positiveShare, 4), roundTo(positiveShare, 4)],
      line: { color: "#808080", width: 1.5, dash: "dot" },
      hovertemplate: "Precision of guessing: %{y:.1%}<extra></extra>",
    });
  }
  return {
    data: traces,
    layout: {
      ...baseLayout({
        title,
        subtitle: "Further to the top right is better",
        hint: "Hover to read the threshold",
      }),
      height: 480,
      xaxis: titledAxis("Recall: share of the annotated that is found (0 to 1)", { range: [0, 1.02] }),
      yaxis: titledAxis("Precision: right share of the found (0 to 1)", { range: [0, 1.04] }),
    },
    config: FIGURE_CONFIG,
  };
}

function nearest(
  points: readonly PrecisionRecallPoint[],
  threshold: number,
): PrecisionRecallPoint | undefined {
  return points.toSorted((a, b) => Math.abs(a.threshold - threshold) - Math.abs(b.threshold - threshold))[0];
}

/** One point for each thousandth of the way, in the order of thresholds. */
function distinct(points: readonly PrecisionRecallPoint[]): PrecisionRecallPoint[] {
  const sorted = points.toSorted((a, b) => a.threshold - b.threshold);
  const seen = new Set<string>();
  return sorted.filter(({ precision, recall }, index) => {
    const place = `${roundTo(recall, 3)} ${roundTo(precision, points.length > 1_000 ? 2 : 3)}`;
    if (index > 0 && index < sorted.length - 1 && seen.has(place)) return false;
    seen.add(place);
    return true;
  });
}
