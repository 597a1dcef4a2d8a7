import { roundTo } from "lib/base/numbers/round_to.ts";
import { baseLayout, titledAxis } from "lib/show/plots/base_layout.ts";
import { ROLE_COLOURS, withOpacity } from "lib/show/plots/colours.ts";
import { type Figure, FIGURE_CONFIG, figureText } from "lib/show/plots/figure.ts";
import type { BarTrace } from "lib/show/plots/figure_traces.ts";
import { thresholdLine } from "lib/show/plots/threshold_line.ts";

/** What {@link plotScoreHistogram} draws. */
interface ScoreHistogramPlot {
  /** Name of the event, such as `burp`. */
  readonly label: string;
  /** Scores from 0 to 1 of clips that hold the event. */
  readonly positives: ArrayLike<number>;
  /** Scores from 0 to 1 of clips that do not. */
  readonly negatives: ArrayLike<number>;
  readonly threshold?: number | undefined;
  /** Number of bins from 0 to 1, by default 40. */
  readonly bins?: number;
}

/**
 * How often each score occurs among positives and negatives, as shares of each, since there are usually far more
 * negatives. Scores beyond 0 and 1 count in the outermost bins; NaN counts nowhere.
 *
 * @throws {RangeError} when `bins` is not a whole number from 1 to 1,000.
 */
export function plotScoreHistogram(plot: ScoreHistogramPlot): Figure {
  const { positives, negatives, threshold, bins = 40 } = plot;
  if (!Number.isInteger(bins) || bins < 1 || bins > 1_000) {
    throw new RangeError(`Cannot draw a histogram: bins must be a whole number from 1 to 1000, is ${bins}`);
  }
  const label = figureText(plot.label);
  const bars = (name: string, scores: ArrayLike<number>, colour: string, shape: "" | "/"): BarTrace => {
    const { counts, total } = countPerBin(scores, bins);
    return {
      type: "bar",
      name: `${name} (${total})`,
      x: counts.map((_, bin) => roundTo(bin / bins, 5)),
      y: counts.map((count) => roundTo(count / Math.max(1, total), 5)),
      offset: 0,
      width: 1 / bins,
      marker: {
        color: withOpacity(colour, 0.45),
        line: { color: colour, width: 1 },
        pattern: { shape, fgcolor: colour, size: 6, solidity: 0.25 },
      },
      customdata: counts.map((count, bin) => [count, roundTo(bin / bins, 3), roundTo((bin + 1) / bins, 3)]),
      hovertemplate: `%{customdata[0]} of ${total} ${name} score %{customdata[1]} to %{customdata[2]}<br>` +
        "Listen to those on the wrong side of the threshold<extra></extra>",
    };
  };
  return {
    data: [
      bars(`not ${label}`, negatives, ROLE_COLOURS.negative, ""),
      bars(label, positives, ROLE_COLOURS.positive, "/"),
      ...(threshold === undefined ? [] : [
        thresholdLine(threshold, {
          axis: "x",
          across: [0, 1],
          hint: "what lies to the right counts as found",
        }),
      ]),
    ],
    layout: {
      ...baseLayout({
        title: `Scores of ${plot.label} and of other clips`,
        subtitle: "The less the two overlap, the better the model tells them apart",
      }),
      barmode: "overlay",
      xaxis: titledAxis("Score (0 to 1)", { range: [0, 1] }),
      yaxis: titledAxis("Share of clips (0 to 1)", { range: [0, 1.04 * highestShare(plot, bins)] }),
    },
    config: FIGURE_CONFIG,
  };
}

function countPerBin(scores: ArrayLike<number>, bins: number): { counts: number[]; total: number } {
  const counts = new Array<number>(bins).fill(0);
  let total = 0;
  for (let i = 0; i < scores.length; i++) {
    if (Number.isNaN(scores[i]!)) continue;
    counts[Math.max(0, Math.min(bins - 1, Math.floor(scores[i]! * bins)))]!++;
    total++;
  }
  return { counts, total };
}

function highestShare({ positives, negatives }: ScoreHistogramPlot, bins: number): number {
  const highest = [positives, negatives].map((scores) => {
    const { counts, total } = countPerBin(scores, bins);
    return Math.max(...counts) / Math.max(1, total);
  });
  return Math.max(...highest) || 1;
}
