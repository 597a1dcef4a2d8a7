import { roundTo } from "lib/base/numbers/round_to.ts";
import type { GridCell } from "lib/learning/evaluate/tune_grid.ts";
import { baseLayout, titledAxis } from "lib/show/plots/base_layout.ts";
import { plotlyColourScale } from "lib/show/plots/colour_map.ts";
import { type Figure, FIGURE_CONFIG, figureText } from "lib/show/plots/figure.ts";
import type { Axis } from "lib/show/plots/figure_layout.ts";
import type { HeatmapTrace } from "lib/show/plots/figure_traces.ts";

/** What {@link plotTuningGrid} draws. */
interface TuningGridPlot {
  /** Name of the event, such as `burp`. */
  readonly label: string;
  readonly cells: readonly GridCell[];
  /** What a cell's value is: `F1` or `recall`. */
  readonly measure: string;
  /** The settings that were chosen, marked in their cell. */
  readonly chosen?: Pick<GridCell, "smoothing" | "offsetRatio" | "minDuration">;
}

/**
 * How good each combination of smoothing, hysteresis and shortest duration is with its own best threshold: a heat map of
 * the first two for each shortest duration. Where all cells look alike, the settings do not matter.
 */
export function plotTuningGrid(plot: TuningGridPlot): Figure {
  const { label, cells, measure, chosen } = plot;
  const values = (axis: "smoothing" | "offsetRatio" | "minDuration") =>
    [...new Set(cells.map((cell) => cell[axis]))].sort((a, b) => a - b);
  const [smoothings, ratios, durations] = [values("smoothing"), values("offsetRatio"), values("minDuration")];
  const known = cells.flatMap(({ value }) => value ?? []);
  const [low, high] = [Math.min(1, ...known), Math.max(0, ...known)];
  const axes: Record<string, Axis> = {};
  const width = 1 / Math.max(1, durations.length);
  const data = durations.map((duration, panel): HeatmapTrace => {
    const suffix = panel === 0 ? "" : String(panel + 1);
    axes[`xaxis${suffix}`] = titledAxis("Smoothing (s)", {
      type: "category",
      domain: [roundTo(panel * width, 4), roundTo((panel + 0.92) * width, 4)],
      anchor: `y${suffix}`,
      showgrid: false,
      fixedrange: true,
    });
    axes[`yaxis${suffix}`] = titledAxis(panel === 0 ? "End of events (share of threshold)" : "", {
      type: "category",
      anchor: `x${suffix}`,
      showticklabels: panel === 0,
      showgrid: false,
      fixedrange: true,
    });
    const rows = ratios.map((ratio) =>
      smoothings.map((smoothing) =>
        cells.find((cell) =>
          cell.smoothing === smoothing && cell.offsetRatio === ratio && cell.minDuration === duration
        )
      )
    );
    const isChosen = (cell: GridCell | undefined) =>
      cell !== undefined && chosen !== undefined && cell.smoothing === chosen.smoothing &&
      cell.offsetRatio === chosen.offsetRatio && cell.minDuration === chosen.minDuration;
    return {
      type: "heatmap",
      name: `at least ${duration} s`,
      x: smoothings.map(String),
      y: ratios.map(String),
      ...(panel > 0 ? { xaxis: `x${suffix}`, yaxis: `y${suffix}` } : {}),
      z: rows.map((row) => row.map((cell) => cell?.value === undefined ? null : roundTo(cell.value, 4))),
      zmin: roundTo(low, 4),
      zmax: roundTo(Math.max(high, low + 0.01), 4),
      colorscale: plotlyColourScale("viridis"),
      showscale: panel === durations.length - 1,
      colorbar: { title: { text: `${measure} (0 to 1)` } },
      xgap: 2,
      ygap: 2,
      text: rows.map((row) =>
        row.map((cell) => `${isChosen(cell) ? "★ " : ""}${cell?.value?.toFixed(2) ?? "none"}`)
      ),
      texttemplate: "%{text}",
      hovertext: rows.map((row) => row.map((cell) => hoverText(cell, measure))),
      hoverinfo: "text",
    };
  });
  return {
    data,
    layout: {
      ...baseLayout({
        title: `How scores of ${figureText(label)} become events: ${measure} of each setting`,
        subtitle: chosen
          ? "★ is the choice: good together with its neighbours. Where all look alike, the settings do not matter"
          : "Each cell with its own best threshold",
      }),
      height: 420,
      // Room for the headings of the panels.
      margin: { l: 64, r: 24, t: 96, b: 92 },
      showlegend: false,
      annotations: durations.map((duration, panel) => ({
        text: `events of at least ${duration} s`,
        x: roundTo((panel + 0.46) * width, 4),
        y: 1,
        xref: "paper",
        yref: "paper",
        xanchor: "center",
        yanchor: "bottom",
        showarrow: false,
        font: { size: 12 },
      })),
      ...axes,
    },
    config: FIGURE_CONFIG,
  };
}

function hoverText(cell: GridCell | undefined, measure: string): string {
  if (!cell?.chosen || cell.value === undefined) return "No threshold keeps the rule with these settings";
  const { threshold, precision, recall, falseAlarmsPerHour } = cell.chosen;
  return `<b>${measure} ${cell.value.toFixed(3)}</b> at threshold ${roundTo(threshold, 3)}<br>precision ${
    precision.toFixed(2)
  }, recall ${recall.toFixed(2)}, ${falseAlarmsPerHour.toFixed(1)} false alarms an hour<br>` +
    "deno task tune --grid keeps the choice with the model";
}
