import assert from "node:assert/strict";
import { mean, median } from "lib/base/numbers/statistics.ts";

Deno.test("median() is the middle value, or the mean of the two in the middle; of nothing there is none", () => {
  assert.equal(median([5, 100, 1]), 5);
  assert.equal(median([4, 1, 3, 2]), 2.5);
  assert.equal(median([]), NaN);
});

Deno.test("mean() is the sum divided by the number; of nothing there is none", () => {
  assert.equal(mean([1, 2, 6]), 3);
  assert.equal(mean([]), NaN);
});
