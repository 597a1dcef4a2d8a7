import assert from "node:assert/strict";
import { calibrateScores } from "lib/base/metrics/score_calibration.ts";
import { changesBetween, sideChanges } from "lib/learning/evaluate/side_changes.ts";
import { plotCalibration } from "lib/show/plots/calibration.ts";
import { plotSideChanges } from "lib/show/plots/side_changes.ts";

const event = (onset: number, score?: number) => ({
  onset,
  offset: onset + 0.5,
  label: "burp",
  ...(score === undefined ? {} : { score }),
});

const found = [event(10, 0.9), event(20.2, 0.35), event(50, 0.6), event(50.4, 0.2), event(80, 0.15)];
const recording = {
  annotations: [event(10), event(20), event(30)],
  duration: 100,
  eventsAt: (threshold: number) => found.filter(({ score }) => score! >= threshold),
};

Deno.test("sideChanges() says up to which threshold each annotation is found and each false alarm raised", () => {
  const changes = sideChanges([recording], [0.1, 0.3, 0.5, 0.7, 0.95]);
  assert.deepEqual(
    changes.map(({ kind, event: { onset }, threshold }) => [kind, onset, threshold]),
    [
      ["annotation", 30, undefined],
      ["false-alarm", 80, 0.1],
      ["annotation", 20, 0.3],
      ["false-alarm", 50, 0.5],
      ["annotation", 10, 0.7],
    ],
    "the second event at 50 s is the same false alarm",
  );
  const names = (from: number, to: number) =>
    changesBetween(changes, from, to).map(({ event: { onset } }) => onset);
  assert.deepEqual(names(0.7, 0.3), [20, 50]);
  assert.deepEqual(names(0.3, 0.3), []);
});

Deno.test("plotSideChanges() draws two staircases and names what no threshold finds", () => {
  const figure = plotSideChanges({
    label: "burp",
    changes: sideChanges([recording], [0.1, 0.3, 0.5, 0.7]),
    recordings: ["a.wav"],
    threshold: 0.5,
    earlierThreshold: 0.3,
  });
  const [annotated, alarms] = figure.data;
  assert.deepEqual([annotated!.name, alarms!.name], ["Annotated (2)", "False alarms (2)"]);
  assert.deepEqual([alarms!.x, alarms!.y], [[0.5, 0.1], [1, 2]]);
  assert.match(figure.layout.title.subtitle!.text, /1 annotated is found at none/);
  assert.equal(figure.data.length, 4);
});

Deno.test("plotCalibration() draws the curve, its band and the reviews", () => {
  const reviewed = [{ score: 0.2, right: false }, { score: 0.8, right: true }, { score: 0.9, right: true }];
  const figure = plotCalibration({
    label: "burp",
    curve: calibrateScores(reviewed),
    reviewed,
    threshold: 0.5,
  });
  const named = (name: string) => figure.data.find((trace) => trace.name === name);
  assert.deepEqual(named("Right (2)")?.x, [0.8, 0.9]);
  assert.deepEqual(named("Wrong (1)")?.y, [0]);
  const curve = named("Probability")!.y as number[];
  assert.ok(curve.every((value, i) => i === 0 || value >= curve[i - 1]!));
  assert.ok(named("Threshold 0.5"));
});
