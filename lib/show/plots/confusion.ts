import { roundTo } from "lib/base/numbers/round_to.ts";
import { baseLayout, titledAxis } from "lib/show/plots/base_layout.ts";
import { plotlyColourScale } from "lib/show/plots/colour_map.ts";
import { type Figure, FIGURE_CONFIG, figureText } from "lib/show/plots/figure.ts";

/** Clips counted by what they are and what the model says. */
interface ConfusionCounts {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly trueNegatives: number;
}

/** What {@link plotConfusion} draws. */
interface ConfusionPlot extends ConfusionCounts {
  /** Name of the event, such as `burp`. */
  readonly label: string;
  readonly threshold: number;
}

/** Clips by truth and by the model's word at a threshold: counts in cells, shaded by the share of their row. */
export function plotConfusion(plot: ConfusionPlot): Figure {
  const { truePositives, falsePositives, falseNegatives, trueNegatives, threshold } = plot;
  const label = figureText(plot.label);
  const rows = [[falsePositives, trueNegatives], [truePositives, falseNegatives]];
  const shares = rows.map(([a = 0, b = 0]) => [a, b].map((count) => roundTo(count / Math.max(1, a + b), 4)));
  const advice = [
    [
      "False alarms: listen to them, relabel what is wrong, keep the rest as hard negatives",
      "Rightly left alone",
    ],
    ["Rightly found", "Misses: listen to them, relabel what is wrong, or add clips like them"],
  ];
  const total = truePositives + falsePositives + falseNegatives + trueNegatives;
  const right = total > 0
    ? `${Math.round(100 * (truePositives + trueNegatives) / total)} % right`
    : "no clips yet";
  return {
    data: [{
      type: "heatmap",
      name: "Clips",
      x: [`${label}`, `not ${label}`],
      y: [`not ${label}`, `${label}`],
      z: shares,
      zmin: 0,
      zmax: 1,
      colorscale: plotlyColourScale("viridis"),
      showscale: true,
      colorbar: { title: { text: "Share of row (0 to 1)" } },
      xgap: 3,
      ygap: 3,
      text: rows.map((row, y) => row.map((count, x) => `${count}<br>${Math.round(100 * shares[y]![x]!)} %`)),
      texttemplate: "%{text}",
      textfont: { size: 20 },
      hovertext: rows.map((row, y) => row.map((count, x) => `<b>${count} clips</b><br>${advice[y]![x]!}`)),
      hoverinfo: "text",
    }],
    layout: {
      ...baseLayout({
        title: `Clips of ${plot.label} at threshold ${roundTo(threshold, 3)}`,
        subtitle: `${total} clips, ${right}; a bright diagonal from top left to bottom right is good`,
      }),
      height: 440,
      showlegend: false,
      xaxis: titledAxis("The model says", { type: "category", showgrid: false, fixedrange: true }),
      yaxis: titledAxis("The label says", { type: "category", showgrid: false, fixedrange: true }),
    },
    config: FIGURE_CONFIG,
  };
}
