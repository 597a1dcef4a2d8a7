import { quantile } from "lib/base/numbers/statistics.ts";
import { baseLayout, titledAxis } from "lib/show/plots/base_layout.ts";
import { SERIES_COLOURS } from "lib/show/plots/colours.ts";
import { type Figure, FIGURE_CONFIG, figureText } from "lib/show/plots/figure.ts";
import type { Layout } from "lib/show/plots/figure_layout.ts";
import type { ScatterTrace } from "lib/show/plots/figure_traces.ts";

/** How one quantity is spread in one group of sounds. */
interface Distribution {
  /** The group, such as `real` or `synthetic`; the same names in every panel. */
  readonly group: string;
  /** 10th, 50th and 90th percentile, in the unit of the panel. */
  readonly percentiles: readonly [number, number, number];
}

/** One quantity, with its unit, in all groups. */
export interface DistributionPanel {
  readonly quantity: string;
  /** Such as `Hz`, `s` or `0 to 1`. */
  readonly unit: string;
  /** Logarithmic axis, for quantities above 0 that spread over decades. */
  readonly log?: boolean;
  readonly groups: readonly Distribution[];
}

/**
 * The 10th, 50th and 90th percentile of values, interpolated linearly between ranks.
 *
 * @throws {RangeError} when there are no values.
 */
export function percentilesOf(values: ArrayLike<number>): [number, number, number] {
  const sorted = Float64Array.from(values).sort();
  if (sorted.length === 0) throw new RangeError("Cannot take percentiles of no values");
  return [quantile(sorted, 0.1), quantile(sorted, 0.5), quantile(sorted, 0.9)];
}

/**
 * Compares groups quantity by quantity, such as synthetic with real burps: a mark at the median and a bar from the
 * 10th to the 90th percentile. Each panel has its own axis, since units differ.
 *
 * @throws {RangeError} for no panel, or more groups than there are colours.
 */
export function plotDistributions(panels: readonly DistributionPanel[], title: string): Figure {
  if (panels.length === 0) throw new RangeError("Cannot compare distributions: there is no quantity");
  const groups = [...new Set(panels.flatMap((panel) => panel.groups.map(({ group }) => group)))];
  if (groups.length > SERIES_COLOURS.length) {
    throw new RangeError(`Cannot compare ${groups.length} groups: at most ${SERIES_COLOURS.length}`);
  }
  const symbols = ["circle", "diamond", "square", "triangle-down", "x", "star"] as const;
  const rowHeight = 1 / panels.length;
  const panelPixels = 84 + 22 * groups.length;
  const traces: ScatterTrace[] = [];
  const axes: Record<`xaxis${number}` | `yaxis${number}`, Layout["xaxis"]> = {};
  panels.forEach((panel, index) => {
    const id = index + 1;
    const suffix = index === 0 ? "" : String(id);
    for (const { group, percentiles: [low, median, high] } of panel.groups) {
      const place = groups.indexOf(group);
      const color = SERIES_COLOURS[place]!;
      traces.push({
        type: "scatter",
        name: figureText(group),
        legendgroup: figureText(group),
        showlegend: index === panels.findIndex((other) =>
          other.groups.some((entry) => entry.group === group)
        ),
        mode: "markers",
        x: [shorten(median)],
        y: [place],
        xaxis: `x${suffix}`,
        yaxis: `y${suffix}`,
        error_x: {
          type: "data",
          symmetric: false,
          array: [shorten(high - median)],
          arrayminus: [shorten(median - low)],
          color,
          thickness: 3,
          width: 7,
        },
        marker: { color, symbol: symbols[place]!, size: 12 },
        hovertemplate: `<b>${figureText(group)}</b>: ${figureText(panel.quantity)} ${shorten(low)}, ` +
          `${shorten(median)}, ${shorten(high)} ${figureText(panel.unit)} (10th, 50th, 90th percentile)<br>` +
          "Bars that do not cover each other show what to adjust<extra></extra>",
      });
    }
    const top = 1 - index * rowHeight;
    axes[`xaxis${id}`] = titledAxis(`${figureText(panel.quantity)} (${figureText(panel.unit)})`, {
      anchor: `y${suffix}`,
      type: panel.log ? "log" : "linear",
      ...(panel.log ? { dtick: "D2", tickformat: "~g" } : { nticks: 10, rangemode: "tozero" as const }),
    });
    axes[`yaxis${id}`] = titledAxis("", {
      anchor: `x${suffix}`,
      domain: [top - rowHeight * (1 - 62 / panelPixels), top],
      range: [groups.length - 0.4, -0.6],
      tickvals: groups.map((_, place) => place),
      ticktext: groups.map(figureText),
      showgrid: false,
      fixedrange: true,
    });
  });
  const { xaxis1, yaxis1, ...rest } = axes;
  return {
    data: traces,
    layout: {
      ...baseLayout({
        title,
        subtitle: "Mark: median; bar: 10th to 90th percentile. The bars should cover each other",
      }),
      margin: { l: 90, r: 24, t: 76, b: 40 },
      height: 130 + panelPixels * panels.length,
      ...(xaxis1 ? { xaxis: xaxis1 } : {}),
      ...(yaxis1 ? { yaxis: yaxis1 } : {}),
      ...rest,
    },
    config: FIGURE_CONFIG,
  };
}

function shorten(value: number): number {
  return Number(value.toPrecision(4));
}
