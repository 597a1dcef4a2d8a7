import assert from "node:assert/strict";
import { GRID_AXES, type GridCell, gridSettings, steadiestCell } from "lib/learning/evaluate/tune_grid.ts";
import { DEFAULT_POSTPROCESSING } from "lib/learning/model_package/manifest.ts";
import { figureBytes } from "lib/show/plots/figure.ts";
import { plotTuningGrid } from "lib/show/plots/tuning_grid.ts";

function cells(valueOf: (cell: GridCell) => number | undefined): GridCell[] {
  return gridSettings(DEFAULT_POSTPROCESSING).map(({ smoothing, offsetRatio, minDuration }) => {
    const cell = { smoothing: smoothing.duration, offsetRatio, minDuration };
    const value = valueOf(cell);
    return value === undefined ? cell : { ...cell, value };
  });
}

Deno.test("gridSettings() holds every combination once, and leaves the rest as it is", () => {
  const settings = gridSettings({ ...DEFAULT_POSTPROCESSING, mergeGap: 0.7 });
  const { smoothing, offsetRatio, minDuration } = GRID_AXES;
  assert.equal(settings.length, smoothing.length * offsetRatio.length * minDuration.length);
  assert.equal(new Set(settings.map((s) => JSON.stringify(s))).size, settings.length);
  assert.ok(settings.every(({ mergeGap }) => mergeGap === 0.7));
});

Deno.test("steadiestCell() prefers a good neighbourhood to a lucky cell", () => {
  const grid = cells(({ smoothing, offsetRatio, minDuration }) => {
    if (smoothing === 0 && offsetRatio === 0.9 && minDuration === 0) return 0.95;
    return smoothing === 0.24 ? 0.9 : smoothing === 0 ? 0.5 : 0.8;
  });
  assert.equal(grid[steadiestCell(grid)!]!.smoothing, 0.24);
  const only = cells(({ smoothing, offsetRatio }) =>
    smoothing === 0.4 && offsetRatio === 0.3 ? 0.2 : undefined
  );
  assert.equal(only[steadiestCell(only)!]!.smoothing, 0.4);
  assert.equal(steadiestCell(cells(() => undefined)), undefined);
});

Deno.test("plotTuningGrid() draws a heat map for each shortest duration, with the choice marked", () => {
  const chosen = { smoothing: 0.24, offsetRatio: 0.5, minDuration: 0.1 };
  const grid = cells(({ smoothing }) => smoothing === 0.4 ? undefined : 0.5 + smoothing);
  const figure = plotTuningGrid({ label: "burp", cells: grid, measure: "F1", chosen });
  assert.equal(figure.data.length, GRID_AXES.minDuration.length);
  const marked = figure.data.flatMap((trace) => trace.type === "heatmap" ? trace.text!.flat() : [])
    .filter((text) => text.startsWith("★"));
  assert.deepEqual(marked, ["★ 0.74"]);
  const [first] = figure.data;
  assert.ok(first?.type === "heatmap");
  assert.deepEqual(first.z[0], [0.5, 0.62, 0.74, null]);
  assert.deepEqual([first.x, first.y], [["0", "0.12", "0.24", "0.4"], ["0.3", "0.5", "0.7", "0.9"]]);
  assert.ok(figureBytes(figure) < 200_000);
});
