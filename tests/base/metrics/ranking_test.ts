import assert from "node:assert/strict";
import { averagePrecision } from "lib/base/metrics/average_precision.ts";
import { rankingCurve } from "lib/base/metrics/ranking_curve.ts";
import { rocAuc } from "lib/base/metrics/roc_auc.ts";

const SCORES = [0.6, 0.3, 0.0, 0.0, 0.8, 0.9, 0.6, 0.7, 0.5, 0.9, 0.8, 0.0];
const POSITIVES = [0, 1, 0, 1, 0, 0, 1, 0, 1, 1, 0, 0];

Deno.test("averagePrecision() and rocAuc() equal scikit-learn with equal scores", () => {
  // sklearn.metrics.average_precision_score and roc_auc_score on these lists.
  assert.ok(Math.abs(averagePrecision(SCORES, POSITIVES) - 0.40436507936507937) < 1e-12);
  assert.ok(Math.abs(rocAuc(SCORES, POSITIVES) - 0.4) < 1e-12);
});

Deno.test("averagePrecision() and rocAuc() are 1 for a perfect ranking, in typed arrays too", () => {
  const scores = Float32Array.of(0.9, 0.1, 0.8, 0.2);
  const positives = Uint8Array.of(1, 0, 1, 0);
  assert.equal(averagePrecision(scores, positives), 1);
  assert.equal(rocAuc(scores, positives), 1);
  assert.equal(rocAuc(scores.map((score) => -score), positives), 0);
});

Deno.test("averagePrecision() and rocAuc() of one score for all are chance", () => {
  assert.equal(averagePrecision([1, 1, 1, 1], [true, false, false, false]), 0.25);
  assert.equal(rocAuc([1, 1, 1, 1], [true, false, false, false]), 0.5);
});

Deno.test("averagePrecision() and rocAuc() are undefined without positives", () => {
  assert.ok(Number.isNaN(averagePrecision([0.1, 0.2], [0, 0])));
  assert.ok(Number.isNaN(averagePrecision([], [])));
  assert.ok(Number.isNaN(rocAuc([0.1, 0.2], [0, 0])));
});

Deno.test("rankingCurve() has a point for every score that occurs", () => {
  assert.deepEqual(rankingCurve([0.5, 0.9, 0.5], [1, 1, 0]), [
    { threshold: 0.9, truePositives: 1, falsePositives: 0, precision: 1, recall: 0.5 },
    { threshold: 0.5, truePositives: 2, falsePositives: 1, precision: 2 / 3, recall: 1 },
  ]);
  assert.throws(() => rankingCurve([0.5], [1, 0]), RangeError);
  assert.throws(() => rankingCurve([NaN], [1]), RangeError);
});
