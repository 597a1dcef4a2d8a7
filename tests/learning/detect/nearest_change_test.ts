import assert from "node:assert/strict";
import { nearestChange } from "lib/learning/detect/nearest_change.ts";

/** One band that is 1 in frames from `start` to before `end`, else 0. */
function step(length: number, start: number, end = length): Float32Array {
  return new Float32Array(length).fill(1, start, end);
}

Deno.test("nearestChange() finds the frame at which the sound changes", () => {
  assert.equal(nearestChange(step(100, 63), { bands: 1, near: 55, around: 10, spread: 20 }), 63);
});

Deno.test("nearestChange() prefers the nearer of two equal changes", () => {
  assert.equal(nearestChange(step(100, 30, 60), { bands: 1, near: 52, around: 10, spread: 10 }), 60);
});

Deno.test("nearestChange() stays where it is in a sound that does not change, or is too short", () => {
  const search = { bands: 1, near: 40, around: 10, spread: 10 };
  assert.equal(nearestChange(new Float32Array(100), search), 40);
  assert.equal(nearestChange(step(12, 6), { ...search, near: 5 }), 5);
});
