import assert from "node:assert/strict";
import { rateInterval, rateUpperBound, shareInterval } from "lib/base/metrics/intervals.ts";

function assertClose(actual: number, expected: number, tolerance = 1e-9) {
  assert.ok(
    Math.abs(actual - expected) <= tolerance * Math.max(1, expected),
    `${actual}, expected ${expected}`,
  );
}

// Expected values: SciPy's beta.ppf and chi2.ppf, which the exact intervals can be written with.
Deno.test("shareInterval() equals the quantiles of the beta distribution", () => {
  const cases = [
    [0, 20, 0.95, 0, 0.1684334709830853],
    [7, 20, 0.95, 0.1539092047845412, 0.5921885345328282],
    [20, 20, 0.95, 0.8315665290169147, 1],
    [1, 1, 0.95, 0.025, 1],
    [900, 1000, 0.99, 0.8731201361593109, 0.9229783045777641],
    [3, 100_000, 0.9, 8.176962810387597e-6, 7.753472238564708e-5],
  ] as const;
  for (const [successes, trials, confidence, lower, upper] of cases) {
    const interval = shareInterval(successes, trials, confidence);
    assertClose(interval.lower, lower);
    assertClose(interval.upper, upper);
  }
  assert.deepEqual(shareInterval(0, 0), { lower: 0, upper: 1 });
});

Deno.test("rateInterval() equals the quantiles of the chi-squared distribution", () => {
  const cases = [
    [0, 0, 3.6888794541139354],
    [1, 0.025317807984289876, 5.571643390938898],
    [5, 1.6234863901184207, 11.66833207932267],
    [40, 28.576586441788965, 54.468646963984064],
    [1000, 938.9730184076952, 1063.952136016302],
  ] as const;
  for (const [count, lower, upper] of cases) {
    const interval = rateInterval(count, 4);
    assertClose(interval.lower * 4, lower);
    assertClose(interval.upper * 4, upper);
  }
});

Deno.test("rateUpperBound() is 3 over the hours where nothing happened", () => {
  assertClose(rateUpperBound(0, 1), -Math.log(0.05));
  assertClose(rateUpperBound(0, 0.5), -Math.log(0.05) * 2);
  assertClose(rateUpperBound(1, 1), 4.743864518390577);
  assertClose(rateUpperBound(40, 1), 52.069369115136936);
  assertClose(rateUpperBound(1000, 1), 1053.6031221333008);
  assertClose(rateUpperBound(0, 1, 0.999999), -Math.log(1e-6), 1e-6);
});

Deno.test("intervals refuse counts, exposures and confidences that cannot be", () => {
  assert.throws(() => shareInterval(3, 2), RangeError);
  assert.throws(() => shareInterval(0.5, 2), RangeError);
  assert.throws(() => shareInterval(1, 2, 1), RangeError);
  assert.throws(() => rateUpperBound(1, 0), RangeError);
  assert.throws(() => rateInterval(-1, 2), RangeError);
});
