import assert from "node:assert/strict";
import { bootstrap, pairedBootstrap, percentileInterval } from "lib/base/metrics/bootstrap.ts";
import { createRandom } from "lib/base/numbers/random.ts";
import { quantile } from "lib/base/numbers/statistics.ts";

/** Mean of values, each as often as its weight says. */
const weightedMean = (values: ArrayLike<number>) => (weights: Uint32Array) =>
  weights.reduce((sum, weight, i) => sum + weight * values[i]!, 0) / weights.length;

Deno.test("bootstrap() spreads a mean as its standard error says", () => {
  const random = createRandom(1);
  const values = Float64Array.from({ length: 200 }, () => random.normal());
  const means = bootstrap(values.length, weightedMean(values), { random, resamples: 2000 });
  const interval = percentileInterval(means);
  const mean = values.reduce((a, b) => a + b) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  const halfWidth = 1.96 * deviation / Math.sqrt(values.length);
  assert.ok(Math.abs(interval.lower - (mean - halfWidth)) < 0.15 * halfWidth);
  assert.ok(Math.abs(interval.upper - (mean + halfWidth)) < 0.15 * halfWidth);
});

Deno.test("bootstrap() repeats with the same seed, and leaves undefined values out", () => {
  const run = () =>
    bootstrap(2, (weights) => weights[0] === 2 ? NaN : weights[0]!, {
      random: createRandom(5),
      resamples: 100,
    });
  assert.deepEqual(run(), run());
  assert.ok(run().length < 100 && run().length > 50);
  assert.throws(() => bootstrap(0, () => 0, { random: createRandom(5) }), RangeError);
});

Deno.test("pairedBootstrap() sees a small difference that unpaired noise would hide", () => {
  const random = createRandom(3);
  const first = Float64Array.from({ length: 60 }, () => 10 * random.normal());
  const second = first.map((value) => value + 0.5 + 0.5 * random.normal());
  const result = pairedBootstrap(60, weightedMean(first), weightedMean(second), { random });
  assert.ok(result.interval.lower > 0 && result.interval.upper < 1);
  assert.ok(result.pValue < 0.01 && result.pValue > 0);
});

Deno.test("pairedBootstrap() of equal systems finds no difference", () => {
  const values = [1, 2, 3, 4];
  const result = pairedBootstrap(4, weightedMean(values), weightedMean(values), { random: createRandom(1) });
  assert.deepEqual(result, { difference: 0, interval: { lower: 0, upper: 0 }, pValue: 1 });
});

Deno.test("quantile() is linear between neighbours", () => {
  assert.equal(quantile([1, 2, 4], 0.75), 3);
  assert.equal(quantile([1, Infinity, Infinity], 0.9), Infinity);
  assert.ok(Number.isNaN(quantile([], 0.5)));
});
