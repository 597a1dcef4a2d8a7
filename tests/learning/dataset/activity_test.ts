import assert from "node:assert/strict";
import { findActivity } from "lib/learning/dataset/activity.ts";

const RATE = 16_000;

function bursts(...ranges: [number, number][]): Float32Array {
  const samples = new Float32Array(3 * RATE);
  for (const [start, end] of ranges) {
    for (let n = start * RATE; n < end * RATE; n++) samples[n] = Math.sin(n * 0.3) * 0.5;
  }
  return samples;
}

Deno.test("findActivity() finds where a clip sounds, to its window", () => {
  const [range, ...others] = findActivity(bursts([1, 1.6]), RATE);
  assert.equal(others.length, 0);
  assert(Math.abs(range!.start / RATE - 1) <= 0.04);
  assert(Math.abs(range!.end / RATE - 1.6) <= 0.04);
});

Deno.test("findActivity() closes short pauses and keeps long ones", () => {
  assert.equal(findActivity(bursts([0.5, 0.8], [0.9, 1.2]), RATE).length, 1);
  assert.equal(findActivity(bursts([0.5, 0.8], [1.4, 1.8]), RATE).length, 2);
});

Deno.test("findActivity() finds nothing in digital silence", () => {
  assert.deepEqual(findActivity(new Float32Array(RATE), RATE), []);
  assert.deepEqual(findActivity(new Float32Array(0), RATE), []);
});
