import {
  type CalibrationPoint,
  probabilityOf,
  type ReviewedScore,
} from "lib/base/metrics/score_calibration.ts";
import { roundTo } from "lib/base/numbers/round_to.ts";
import { bandTrace } from "lib/show/plots/band_trace.ts";
import { baseLayout, titledAxis } from "lib/show/plots/base_layout.ts";
import { OKABE_ITO, ROLE_COLOURS } from "lib/show/plots/colours.ts";
import { type Figure, FIGURE_CONFIG } from "lib/show/plots/figure.ts";
import type { ScatterTrace } from "lib/show/plots/figure_traces.ts";
import { thresholdLine } from "lib/show/plots/threshold_line.ts";

/** What {@link plotCalibration} draws. */
interface CalibrationPlot {
  /** Name of the event, such as `burp`. */
  readonly label: string;
  readonly curve: readonly CalibrationPoint[];
  readonly reviewed: readonly ReviewedScore[];
  readonly threshold?: number | undefined;
}

/** Probability that an event is right by its score, with the 95 % band, and what was reviewed. */
export function plotCalibration(plot: CalibrationPlot): Figure {
  const { label, curve, reviewed, threshold } = plot;
  const scores = Array.from({ length: 99 }, (_, i) => (i + 1) / 100);
  const points = scores.map((score) => probabilityOf(curve, score));
  const marks = (right: boolean): ScatterTrace => {
    const own = reviewed.filter((review) => review.right === right);
    const color = right ? ROLE_COLOURS.matched : ROLE_COLOURS.falseAlarm;
    return {
      type: "scatter",
      name: `${right ? "Right" : "Wrong"} (${own.length})`,
      mode: "markers",
      x: own.map(({ score }) => roundTo(score, 3)),
      y: own.map(() => Number(right)),
      marker: { color, symbol: right ? "circle" : "x", size: 9 },
      cliponaxis: false,
      hovertemplate: `Reviewed: ${right ? "right" : "wrong"}, score %{x:.2f}<extra></extra>`,
    };
  };
  return {
    data: [
      bandTrace("95 % band", points.map(({ score, lower, upper }) => ({ x: score, lower, upper }))),
      {
        type: "scatter",
        name: "Probability",
        mode: "lines",
        x: scores,
        y: points.map(({ probability }) => roundTo(probability, 4)),
        customdata: points.map(({ lower, upper }) => [roundTo(lower, 3), roundTo(upper, 3)]),
        line: { color: OKABE_ITO.blue, width: 2.5 },
        hovertemplate:
          "Score %{x:.2f}: right with %{y:.0%} (%{customdata[0]:.0%} to %{customdata[1]:.0%})<br>" +
          "Where the band is wide, review events of such scores<extra></extra>",
      },
      {
        type: "scatter",
        name: "If the score were the probability",
        mode: "lines",
        x: [0, 1],
        y: [0, 1],
        line: { color: ROLE_COLOURS.threshold, width: 1, dash: "dot" },
        hoverinfo: "skip",
      },
      marks(true),
      marks(false),
      ...(threshold === undefined ? [] : [
        thresholdLine(threshold, { axis: "x", across: [0, 1], hint: "what lies to the right is reported" }),
      ]),
    ],
    layout: {
      ...baseLayout({
        title: `What a score of ${label} is worth`,
        subtitle:
          `From ${reviewed.length} reviewed events; a curve above the dotted line means that scores are too low`,
      }),
      height: 440,
      xaxis: titledAxis("Score (0 to 1)", { range: [0, 1] }),
      yaxis: titledAxis("Probability of being right (0 to 1)", { range: [-0.05, 1.05] }),
    },
    config: FIGURE_CONFIG,
  };
}
