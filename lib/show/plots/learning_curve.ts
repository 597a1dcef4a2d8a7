import { roundTo } from "lib/base/numbers/round_to.ts";
import { baseLayout, titledAxis } from "lib/show/plots/base_layout.ts";
import { SERIES_COLOURS } from "lib/show/plots/colours.ts";
import { type Figure, FIGURE_CONFIG } from "lib/show/plots/figure.ts";
import type { ScatterTrace } from "lib/show/plots/figure_traces.ts";

/** What trainings on one amount of clips gave. */
interface LearningCurvePoint {
  /** Clips to learn from. */
  readonly positives: number;
  /** Average precision of each training, from 0 to 1. */
  readonly averagePrecisions: readonly number[];
  /** What a score by chance would get. */
  readonly baseline: number;
}

/** Average precision on the same held-out clips against the number of clips to learn from: the mean, and each training. */
export function plotLearningCurve(
  points: readonly LearningCurvePoint[],
  options: { readonly label: string; readonly verdict?: string },
): Figure {
  const means = points.map(({ averagePrecisions: values }) =>
    values.reduce((sum, value) => sum + value, 0) / values.length
  );
  const positives = points.map((point) => point.positives);
  const hint = "Rising at the right end: more labels would help. Flat: look for other kinds of clips";
  const traces: ScatterTrace[] = [
    {
      type: "scatter",
      name: "Mean",
      mode: "lines+markers",
      x: positives,
      y: means.map((mean) => roundTo(mean, 4)),
      line: { color: SERIES_COLOURS[0], width: 2.5 },
      marker: { color: SERIES_COLOURS[0], symbol: "circle", size: 9 },
      hovertemplate: `%{x} clips: average precision %{y:.3f}<br>${hint}<extra></extra>`,
    },
    ...(points.some(({ averagePrecisions }) => averagePrecisions.length > 1)
      ? [{
        type: "scatter" as const,
        name: "Each training",
        mode: "markers" as const,
        x: points.flatMap((point) => point.averagePrecisions.map(() => point.positives)),
        y: points.flatMap((point) => point.averagePrecisions.map((value) => roundTo(value, 4))),
        marker: { color: SERIES_COLOURS[1], symbol: "diamond-open" as const, size: 8 },
        hovertemplate:
          "One training on %{x} clips: %{y:.3f}<br>How far apart they lie is what chance does<extra></extra>",
      }]
      : []),
    {
      type: "scatter",
      name: "By chance",
      mode: "lines",
      x: positives,
      y: points.map((point) => roundTo(point.baseline, 4)),
      line: { color: "#808080", width: 1.5, dash: "dot" },
      hovertemplate: "Average precision of guessing: %{y:.3f}<extra></extra>",
    },
  ];
  return {
    data: traces,
    layout: {
      ...baseLayout({
        title: `Learning curve of ${options.label}`,
        subtitle: options.verdict ?? "Would more labels help? Read the right end",
      }),
      height: 420,
      xaxis: titledAxis(`Clips of ${options.label} to learn from (number, log)`, {
        type: "log",
        tickvals: positives,
        ticktext: positives.map(String),
      }),
      yaxis: titledAxis("Validation AP (0 to 1)", { range: [0, 1.03] }),
      uirevision: "learning-curve",
    },
    config: FIGURE_CONFIG,
  };
}
