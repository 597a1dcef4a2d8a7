import { roundTo } from "lib/base/numbers/round_to.ts";
import { ROLE_COLOURS } from "lib/show/plots/colours.ts";
import type { ScatterTrace } from "lib/show/plots/figure_traces.ts";

/** How a threshold is drawn. */
interface ThresholdLine {
  /** The axis that scores are on: a threshold on `x` stands upright. */
  readonly axis: "x" | "y";
  /** Both ends along the other axis. */
  readonly across: readonly [start: number | string, end: number | string];
  /** What the threshold means there, for the hover text. */
  readonly hint: string;
  /** Before the number in the legend; `Threshold` by default. */
  readonly name?: string;
  readonly color?: string;
  /** Pixels; 1.5 by default. */
  readonly width?: number;
}

/** A threshold as a dashed line that looks alike in all figures. */
export function thresholdLine(threshold: number, line: ThresholdLine): ScatterTrace {
  const { axis, across, hint, name = "Threshold", color = ROLE_COLOURS.threshold, width = 1.5 } = line;
  const along = [threshold, threshold];
  return {
    type: "scatter",
    name: `${name} ${roundTo(threshold, 3)}`,
    mode: "lines",
    x: axis === "x" ? along : across,
    y: axis === "x" ? across : along,
    line: { color, width, dash: "dash" },
    hovertemplate: `${name} %{${axis}:.3f}: ${hint}<extra></extra>`,
  };
}
