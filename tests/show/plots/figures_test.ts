import assert from "node:assert/strict";
import { plotConfusion } from "lib/show/plots/confusion.ts";
import { percentilesOf, plotDistributions } from "lib/show/plots/distributions.ts";
import { figureBytes, figureText, MAX_FIGURE_BYTES } from "lib/show/plots/figure.ts";
import type { Axis } from "lib/show/plots/figure_layout.ts";
import { plotOperatingCurve } from "lib/show/plots/operating_curve.ts";
import { plotPrecisionRecall } from "lib/show/plots/precision_recall.ts";
import { plotScoreHistogram } from "lib/show/plots/score_histogram.ts";
import { plotTrainingCurves } from "lib/show/plots/training_curves.ts";
import { exampleFigures } from "tests/show/plots/example_figures.ts";

const FIGURES = await exampleFigures();

for (const [name, figure] of Object.entries(FIGURES)) {
  Deno.test(`the ${name} figure has titles with units, hover texts, and the allowed size`, () => {
    assert.ok(figureBytes(figure) <= MAX_FIGURE_BYTES);
    assert.ok(figure.layout.title.text.length > 0);
    for (const key of Object.keys(figure.layout).filter((key) => /^[xy]axis/.test(key))) {
      const axis = figure.layout[key as "xaxis"] as Axis;
      if (axis.ticktext || axis.type === "category") continue;
      assert.match(axis.title?.text ?? "", /\(.+\)|^Rate$|^Score$/, `${name}: ${key}`);
    }
    for (const trace of figure.data) {
      const hover = trace.type === "heatmap" ? trace.hovertext?.flat().join() : trace.hovertemplate;
      const skipped = trace.type === "scatter" && trace.hoverinfo === "skip";
      assert.ok(hover || skipped, `${name}: ${trace.name}`);
    }
    assert.ok(figure.config.modeBarButtonsToRemove?.includes("sendChartToCloud"));
  });
}

Deno.test("figureText() disarms tags and templates", () => {
  assert.equal(figureText('<a href="x">%{y}&'), '&lt;a href="x"&gt;% {y}&amp;');
});

Deno.test("plotTrainingCurves() marks the best validation and stays small for long runs", () => {
  const points = Array.from({ length: 50_000 }, (_, step) => ({
    step,
    loss: 1 / (step + 1),
    validationLoss: 0.5,
    learningRate: 1e-3,
    validationAveragePrecision: step === 40_001 ? 0.9 : 0.5,
  }));
  const figure = plotTrainingCurves([1, 2, 3].map((index) => ({ name: `run ${index}`, points })));
  assert.ok(figureBytes(figure) <= MAX_FIGURE_BYTES, `${figureBytes(figure)} bytes`);
  const star = figure.data.find((trace) => trace.name === "best checkpoint");
  assert.deepEqual(star?.type === "scatter" && [star.x, star.y], [[40_001], [0.9]]);
});

Deno.test("plotTrainingCurves() draws a run that has only begun", () => {
  assert.equal(plotTrainingCurves([{ name: "new", points: [] }]).data.length, 0);
  assert.match(
    plotTrainingCurves([{ name: "new", points: [{ step: 1, loss: NaN }] }]).layout.title.subtitle!.text,
    /not run/,
  );
  assert.throws(
    () => plotTrainingCurves(Array.from({ length: 7 }, () => ({ name: "", points: [] }))),
    RangeError,
  );
});

Deno.test("plotOperatingCurve() starts with the part that a budget of false alarms allows", () => {
  const points = [0.9, 0.6, 0.3, 0].map((threshold, index) => ({
    threshold,
    recall: [0.2, 0.6, 0.9, 1][index]!,
    falseAlarmsPerHour: [0, 1, 5, 400][index]!,
  }));
  const figure = plotOperatingCurve({ points, budget: 2, threshold: 0.6 });
  assert.deepEqual(figure.layout.xaxis!.range, [0, 7.5]);
  const star = figure.data.find((trace) => trace.name === "Chosen threshold 0.6");
  assert.deepEqual(star?.type === "scatter" && [star.x, star.y], [[1], [0.6]]);
  const perfect = plotOperatingCurve({ points: [{ threshold: 0.5, recall: 1, falseAlarmsPerHour: 0 }] });
  assert.deepEqual(perfect.layout.xaxis!.range, [0, 1]);
});

Deno.test("plotPrecisionRecall() thins thousands of thresholds", () => {
  const points = Array.from({ length: 20_000 }, (_, index) => ({
    threshold: index / 20_000,
    recall: 1 - index / 20_000,
    precision: 0.2 + 0.8 * index / 20_000,
  }));
  const figure = plotPrecisionRecall([{ name: "a", points }, { name: "b", points }, { name: "c", points }]);
  assert.ok(figureBytes(figure) <= MAX_FIGURE_BYTES, `${figureBytes(figure)} bytes`);
  assert.ok(figure.data[0]!.y.length > 500);
});

Deno.test("plotConfusion() puts counts in the cells and shades by the share of the row", () => {
  const figure = plotConfusion({
    label: "burp",
    threshold: 0.5,
    truePositives: 3,
    falseNegatives: 1,
    falsePositives: 2,
    trueNegatives: 8,
  });
  const cells = figure.data[0];
  assert.ok(cells?.type === "heatmap");
  // Rows from the bottom: not burp, burp. Columns: said burp, said not burp.
  assert.deepEqual(cells.z, [[0.2, 0.8], [0.75, 0.25]]);
  assert.deepEqual(cells.text, [["2<br>20 %", "8<br>80 %"], ["3<br>75 %", "1<br>25 %"]]);
  assert.match(figure.layout.title.subtitle!.text, /14 clips, 79 % right/);
});

Deno.test("plotScoreHistogram() counts shares, the ends included, and no NaN", () => {
  const figure = plotScoreHistogram({
    label: "burp",
    positives: [1, 1, 0.5, NaN],
    negatives: [0, 0.1, 0.3],
    bins: 4,
  });
  const [negatives, positives] = figure.data;
  assert.deepEqual(positives!.y, [0, 0, 0.33333, 0.66667]);
  assert.deepEqual(negatives!.y, [0.66667, 0.33333, 0, 0]);
  assert.equal(positives!.name, "burp (3)");
  assert.throws(
    () => plotScoreHistogram({ label: "burp", positives: [], negatives: [], bins: 0 }),
    RangeError,
  );
});

Deno.test("percentilesOf() interpolates between ranks", () => {
  assert.deepEqual(percentilesOf([30, 10, 20]), [12, 20, 28]);
  assert.deepEqual(percentilesOf([7]), [7, 7, 7]);
  assert.throws(() => percentilesOf([]), RangeError);
});

Deno.test("plotDistributions() gives each quantity its own axis and each group one colour", () => {
  const figure = FIGURES["distributions"]!;
  const [real, synthetic, nextReal] = figure.data;
  assert.ok(real?.type === "scatter" && synthetic?.type === "scatter" && nextReal?.type === "scatter");
  assert.deepEqual([real.xaxis, nextReal.xaxis], ["x", "x2"]);
  assert.equal(real.marker?.color, nextReal.marker?.color);
  assert.notEqual(real.marker?.symbol, synthetic.marker?.symbol);
  assert.deepEqual([real.error_x!.arrayminus[0], real.error_x!.array[0]], [0.41, 1.76]);
  assert.throws(() => plotDistributions([], "none"), RangeError);
});
