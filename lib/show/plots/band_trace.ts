import { roundTo } from "lib/base/numbers/round_to.ts";
import { OKABE_ITO, withOpacity } from "lib/show/plots/colours.ts";
import type { ScatterTrace } from "lib/show/plots/figure_traces.ts";

/** The room between two curves over the same values, shaded: how sure a curve is. */
export function bandTrace(
  name: string,
  points: readonly { readonly x: number; readonly lower: number; readonly upper: number }[],
): ScatterTrace {
  const x = points.map((point) => roundTo(point.x, 3));
  const edge = (end: "lower" | "upper") => points.map((point) => roundTo(point[end], 4));
  return {
    type: "scatter",
    name,
    mode: "lines",
    x: [...x, ...x.toReversed()],
    y: [...edge("upper"), ...edge("lower").toReversed()],
    fill: "toself",
    fillcolor: withOpacity(OKABE_ITO.blue, 0.18),
    line: { color: withOpacity(OKABE_ITO.blue, 0.35), width: 1 },
    hoverinfo: "skip",
  };
}
