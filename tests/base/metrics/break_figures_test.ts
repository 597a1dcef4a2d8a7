import assert from "node:assert/strict";
import { breakFigures } from "lib/base/metrics/break_figures.ts";

const ad = (onset: number, offset: number) => ({ onset, offset, label: "ad" });

Deno.test("breakFigures() measures what was found, how exact it is and what was lost", () => {
  const figures = breakFigures([
    { truth: [ad(10, 50), ad(100, 120)], found: [ad(9, 52), ad(150, 160)], duration: 200 },
    { truth: [], found: [ad(0, 5)], duration: 100 },
  ]);
  assert.equal(figures.precision, 1 / 3);
  assert.equal(figures.recall, 1 / 2);
  assert.ok(Math.abs(figures.f1 - 0.4) < 1e-9);
  assert.ok(figures.f05 < figures.f1);
  assert.deepEqual(figures.bias, { onset: -1, offset: 2 });
  assert.equal(figures.boundaryError.median, 1.5);
  // 3 s around the first, 20 s missed, 10 and 5 s that are none.
  assert.ok(Math.abs(figures.timeRight - (1 - 38 / 300)) < 1e-9);
  assert.equal(figures.contentLost, 9);
  assert.equal(figures.falseCuts, 1);
  assert.deepEqual(figures.recallOf, { under30s: 0, over30s: 1, first: 1, middle: NaN, last: 0 });
});
