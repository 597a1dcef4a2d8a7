import assert from "node:assert/strict";
import { siSdr } from "lib/base/metrics/si_sdr.ts";

Deno.test("siSdr() is the level of the signal over what is not of it, whatever the estimate's level", () => {
  const truth = Float32Array.of(1, 0, -1, 0);
  // What is added stands at a right angle to the signal, with a hundredth of its power.
  const estimate = Float32Array.of(1, 0.1, -1, 0.1);
  assert.ok(Math.abs(siSdr(estimate, truth) - 20) < 1e-4);
  assert.ok(Math.abs(siSdr(estimate.map((x) => 7 * x), truth) - 20) < 1e-4);
  assert.equal(siSdr(Float32Array.of(0, 1, 0, 1), truth), -Infinity);
  assert.throws(() => siSdr(new Float32Array(3), truth), /Cannot compare 3 samples with 4/);
});
