import assert from "node:assert/strict";
import { createRandom } from "lib/base/numbers/random.ts";
import { choosePoint } from "lib/learning/evaluate/choose_point.ts";
import { curveBand } from "lib/learning/evaluate/curve_band.ts";
import { countAtThresholds, operatingCurve } from "lib/learning/evaluate/operating_curve.ts";
import { DEFAULT_POSTPROCESSING } from "lib/learning/model_package/manifest.ts";
import { plotSideChanges } from "lib/show/plots/side_changes.ts";
import { plotTunedCurve, plotTunedGrid, plotTunedPrecision } from "lib/show/plots/tuned_figures.ts";

const event = (onset: number) => ({ onset, offset: onset + 0.5, label: "burp" });
const annotations = [10, 100, 200, 300].map(event);
/** Finds more the lower the threshold, but below 0.2 everything runs together into one event. */
const counts = countAtThresholds([{
  annotations,
  duration: 600,
  eventsAt: (threshold) =>
    threshold < 0.2 ? [{ onset: 0, offset: 600, label: "burp" }] : [
      ...annotations.slice(0, threshold < 0.5 ? 4 : 2),
      ...(threshold < 0.4 ? [event(400), event(500)] : []),
    ],
}], [0.1, 0.3, 0.45, 0.6, 0.9]);
const curve = operatingCurve(counts);
const rule = { kind: "budget", falseAlarmsPerHour: 3 } as const;
const tuned = {
  counts,
  curve,
  chosen: choosePoint(curve, rule)!,
  before: curve[3]!,
  postprocessing: DEFAULT_POSTPROCESSING,
};

Deno.test("plotTunedCurve() leaves out where lower thresholds find less, and marks choice and budget", () => {
  const bands = curveBand(counts, { random: createRandom(1), resamples: 50 });
  const figure = plotTunedCurve("burp", { tuned, bands }, rule);
  const recall = figure.data.find(({ name }) => name === "Recall");
  assert.deepEqual(recall?.y, [0.5, 0.5, 1, 1]);
  assert.deepEqual(recall?.x, [0, 0, 0, 12]);
  assert.ok(figure.data.some(({ name }) => name === "Chosen threshold 0.45"));
  assert.ok(figure.data.some(({ name }) => name === "Budget: 3 an hour"));
  assert.deepEqual(plotTunedPrecision("burp", { tuned }).data[0]!.x, [1, 1, 0.5, 0.5]);
});

Deno.test("plotTunedGrid() needs a grid", () => {
  assert.throws(() => plotTunedGrid("burp", tuned, rule), /tune with a grid/);
});

Deno.test("plotSideChanges() begins with what lies near the threshold, not with the false alarms of the lowest", () => {
  const change = (kind: "annotation" | "false-alarm", threshold: number) => ({
    kind,
    threshold,
    recording: 0,
    event: event(10),
  });
  const changes = [
    ...Array.from({ length: 500 }, (_, i) => change("false-alarm", 0.0001 * i)),
    ...[0.3, 0.5, 0.7, 0.9].map((threshold) => change("annotation", threshold)),
    change("false-alarm", 0.6),
  ];
  const figure = (threshold: number, earlierThreshold: number) =>
    plotSideChanges({ label: "burp", changes, recordings: ["a.wav"], threshold, earlierThreshold });
  const { data, layout } = figure(0.6, 0.5);
  assert.ok(layout.yaxis!.range![1] < 5, "four annotated, one false alarm");
  assert.match(layout.title.subtitle!.text, /double-click to see all/);
  assert.deepEqual(data.map(({ name }) => name), [
    "Annotated (4)",
    "False alarms (501)",
    "Threshold 0.6",
    "Earlier threshold 0.5",
  ]);
  assert.deepEqual([data[2]!.x, data[2]!.y], [[0.6, 0.6], [0, 501]]);
  assert.ok(figure(0.6, 0.01).layout.yaxis!.range![1] > 400, "what was reported until now is in view");
});
