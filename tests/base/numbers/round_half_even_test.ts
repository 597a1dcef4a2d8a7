import assert from "node:assert/strict";
import { roundHalfEven } from "lib/base/numbers/round_half_even.ts";

Deno.test("roundHalfEven() takes the even neighbour in the exact middle, and the nearest otherwise", () => {
  assert.equal(roundHalfEven(0.25, 1), 0.2);
  assert.equal(roundHalfEven(0.75, 1), 0.8);
  assert.equal(roundHalfEven(-0.25, 1), -0.2);
  assert.equal(roundHalfEven(0.03125, 4), 0.0312);
  assert.equal(roundHalfEven(2.5, 0), 2);
  assert.equal(roundHalfEven(3.5, 0), 4);
  // 2.675 as a binary fraction lies just below the middle.
  assert.equal(roundHalfEven(2.675, 2), 2.67);
  assert.equal(roundHalfEven(2 / 3, 4), 0.6667);
  assert.equal(roundHalfEven(0, 4), 0);
  assert.ok(Number.isNaN(roundHalfEven(NaN, 2)));
});
