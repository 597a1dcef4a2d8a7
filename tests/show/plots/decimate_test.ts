import assert from "node:assert/strict";
import { maximumPerBin } from "lib/show/plots/decimate.ts";

Deno.test("maximumPerBin() keeps a peak of one frame in ten hours", () => {
  const scores = new Float32Array(900_000).fill(0.1);
  scores[654_321] = 0.9;
  const { values, binFrames } = maximumPerBin(scores, 12_000);
  assert.equal(binFrames, 75);
  assert.equal(values.length, 12_000);
  assert.equal(values[Math.floor(654_321 / 75)], Math.fround(0.9));
  assert.equal(values.filter((value) => value > 0.5).length, 1);
});

Deno.test("maximumPerBin() leaves a short series as it is", () => {
  const { values, binFrames } = maximumPerBin(Float32Array.of(0.25, 0.5, 0.125), 10);
  assert.equal(binFrames, 1);
  assert.deepEqual([...values], [0.25, 0.5, 0.125]);
});

Deno.test("maximumPerBin() passes over NaN, and a bin of nothing else stays NaN", () => {
  const { values } = maximumPerBin(Float32Array.of(NaN, 0.5, 0.25, NaN, NaN, NaN, 0), 4);
  assert.deepEqual([...values], [0.5, 0.25, NaN, 0]);
});

Deno.test("maximumPerBin() takes no recording at all, and refuses no bins", () => {
  assert.equal(maximumPerBin(new Float32Array(0), 5).values.length, 0);
  assert.throws(() => maximumPerBin(new Float32Array(3), 0), RangeError);
});
