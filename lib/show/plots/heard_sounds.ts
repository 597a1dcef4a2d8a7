import type { TimeGrid } from "lib/base/events/time_grid.ts";
import { framesToSeconds } from "lib/base/events/time_grid.ts";
import { roundTo } from "lib/base/numbers/round_to.ts";
import { baseLayout, titledAxis } from "lib/show/plots/base_layout.ts";
import { plotlyColourScale } from "lib/show/plots/colour_map.ts";
import { type Figure, FIGURE_CONFIG, figureText } from "lib/show/plots/figure.ts";
import { recordingTimeAxis, toTimeAxis } from "lib/show/plots/time_axis.ts";

/** What {@link plotHeardSounds} draws. */
interface HeardSounds {
  readonly recording: string;
  /** Names of the sounds, one row each, the first on top. */
  readonly sounds: readonly string[];
  readonly frames: number;
  readonly grid: TimeGrid;
  /** Highest score of a sound in frames `start` to before `end`, from 0 to 1. */
  highest(sound: number, start: number, end: number): number;
}

/** Columns of the picture: a figure has room for so many. */
const COLUMNS = 500;

/** Letters of a name that leave room for the picture on a phone. */
const LONGEST_NAME = 22;

/** What is heard when: a row for each sound, brighter where its score is higher. */
export function plotHeardSounds({ recording, sounds, frames, grid, highest }: HeardSounds): Figure {
  const columns = Math.min(COLUMNS, frames);
  const edge = (column: number) => Math.floor(column * frames / columns);
  const times = Array.from({ length: columns }, (_, c) => framesToSeconds((edge(c) + edge(c + 1)) / 2, grid));
  const cut = sounds.map((name) => name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name);
  // Rows of one name would become one.
  const names = new Set(cut).size < cut.length ? sounds : cut;
  // From the bottom up, as Plotly stacks rows.
  const rows = sounds.map((_, i) => sounds.length - 1 - i);
  const z = rows.map((sound) =>
    times.map((_, column) => roundTo(highest(sound, edge(column), edge(column + 1)), 2))
  );
  return {
    data: [{
      type: "heatmap",
      name: "Score",
      x: times.map(toTimeAxis),
      y: rows.map((sound) => figureText(names[sound]!)),
      z,
      zmin: 0,
      zmax: 1,
      colorscale: plotlyColourScale("viridis"),
      showscale: true,
      // Above, since a phone has no room beside the rows.
      colorbar: {
        title: { text: "Score (0 to 1)", side: "top" },
        orientation: "h",
        thickness: 10,
        y: 1,
        yanchor: "bottom",
      },
    }],
    layout: {
      ...baseLayout({
        title: `What is heard in ${recording}`,
        subtitle:
          `the ${sounds.length} sounds heard longest; scores are not calibrated, and those of two sounds cannot be compared`,
      }),
      height: Math.max(320, 160 + 20 * sounds.length),
      showlegend: false,
      xaxis: recordingTimeAxis([0, framesToSeconds(frames, grid)]),
      yaxis: titledAxis("", { type: "category", showgrid: false, automargin: true }),
    },
    config: FIGURE_CONFIG,
  };
}
