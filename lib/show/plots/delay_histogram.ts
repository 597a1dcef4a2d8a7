import { roundTo } from "lib/base/numbers/round_to.ts";
import { baseLayout, titledAxis } from "lib/show/plots/base_layout.ts";
import { ROLE_COLOURS, withOpacity } from "lib/show/plots/colours.ts";
import { type Figure, FIGURE_CONFIG } from "lib/show/plots/figure.ts";

/** What {@link plotDelays} draws. */
interface DelayPlot {
  /** Name of the sound. */
  readonly event: string;
  /** From each sound to the first message about it, in seconds. */
  readonly delays: readonly number[];
  /** What was expected of every message, of which the first comes sooner: a density per second in steps from 0 on. */
  readonly expected?: { readonly binWidth: number; readonly densities: readonly number[] };
  /** Longest delay that is drawn, in seconds; by default 25. */
  readonly longest?: number;
}

/** How long after a sound people type the command, beside what was expected when the sounds were looked for. */
export function plotDelays({ event, delays, expected, longest = 25 }: DelayPlot): Figure {
  const counts = new Array<number>(Math.ceil(longest)).fill(0);
  const drawn = delays.filter((delay) => delay >= 0 && delay < counts.length);
  for (const delay of drawn) counts[Math.floor(delay)]!++;
  return {
    data: [
      {
        type: "bar",
        name: `Found (${drawn.length})`,
        x: counts.map((_, second) => second + 0.5),
        y: counts.map((count) => roundTo(count / Math.max(1, drawn.length), 4)),
        width: 1,
        marker: {
          color: withOpacity(ROLE_COLOURS.found, 0.5),
          line: { color: ROLE_COLOURS.found, width: 1 },
        },
        customdata: counts.map((count, second) => [count, second, second + 1]),
        hovertemplate: "%{customdata[0]} mentions %{customdata[1]} to %{customdata[2]} s after the sound" +
          "<extra></extra>",
      },
      ...(expected
        ? [{
          type: "scatter" as const,
          name: "Expected of every single message",
          mode: "lines" as const,
          x: expected.densities.map((_, bin) => roundTo((bin + 0.5) * expected.binWidth, 3)),
          y: expected.densities.map((density) => roundTo(density, 4)),
          line: { color: ROLE_COLOURS.threshold, width: 2, dash: "dash" as const },
          hovertemplate: "expected at %{x} s: %{y} a second<extra></extra>",
        }]
        : []),
    ],
    layout: {
      ...baseLayout({
        title: `Delay from a ${event} to the first message`,
        subtitle:
          "Bars far from the dashed line: label some candidates, and the next harvest knows the habits",
      }),
      height: 340,
      xaxis: titledAxis("Delay (s)", { range: [0, longest] }),
      yaxis: titledAxis("Share of mentions a second", { rangemode: "tozero" }),
    },
    config: FIGURE_CONFIG,
  };
}
