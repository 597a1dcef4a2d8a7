import assert from "node:assert/strict";
import { DEFAULT_DELAYS, delayDensity, learnDelays, MAX_DELAY } from "lib/work/harvest/delay_model.ts";

const share = (model: typeof DEFAULT_DELAYS, from: number, to: number) =>
  model.densities.reduce((sum, density, i) => {
    const middle = (i + 0.5) * model.binWidth;
    return middle >= from && middle < to ? sum + density * model.binWidth : sum;
  }, 0);

Deno.test("DEFAULT_DELAYS has most of its weight from 2 to 15 s", () => {
  assert(Math.abs(share(DEFAULT_DELAYS, 0, MAX_DELAY) - 1) < 1e-9);
  assert(share(DEFAULT_DELAYS, 2, 15) > 0.9);
  assert(delayDensity(DEFAULT_DELAYS, 5) > 5 * delayDensity(DEFAULT_DELAYS, 14));
  for (const delay of [-3, 0, 29.9, 30, 100]) assert(delayDensity(DEFAULT_DELAYS, delay) > 0);
});

Deno.test("learnDelays() moves to the habits of a channel as labels come in", () => {
  const late = (n: number) => learnDelays(Array.from({ length: n }, (_, i) => 11.5 + (i % 3) * 0.5));
  assert.deepEqual(learnDelays([]).densities.length, DEFAULT_DELAYS.densities.length);
  assert(Math.abs(share(learnDelays([]), 0, 30) - 1) < 1e-9);
  assert(share(late(3), 10, 14) < 0.5);
  assert(share(late(100), 10, 14) > 0.85);
  assert(Math.abs(share(late(100), 0, 30) - 1) < 1e-9);
  assert.deepEqual(learnDelays([-1, 31, NaN]), learnDelays([]));
  assert.throws(() => learnDelays([], { priorWeight: 0 }), RangeError);
});
