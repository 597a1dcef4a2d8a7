import assert from "node:assert/strict";
import { concatenate } from "lib/base/numbers/concatenate.ts";
import { computeDelta, createDeltas } from "lib/learning/features/deltas.ts";
import { assertClose, readReference } from "tests/learning/features/reference.ts";

function readMfcc() {
  const { data, shape } = readReference("mfcc");
  return { data, shape: [shape[0]!, shape[1]!] as const };
}

Deno.test("computeDelta() equals librosa, edges included", () => {
  const mfcc = readMfcc();
  assertClose(computeDelta(mfcc), readReference("mfcc_delta_1"), 1e-4);
  assertClose(computeDelta(mfcc, { order: 2 }), readReference("mfcc_delta_2"), 1e-4);
  assertClose(computeDelta(mfcc, { order: 2, window: 5 }), readReference("mfcc_delta_2_width_5"), 1e-4);
});

Deno.test("computeDelta() of a parabola is its slope at the middle and its curvature everywhere", () => {
  const parabola = {
    data: Float32Array.from({ length: 15 }, (_, t) => 0.5 * t * t),
    shape: [15, 1] as const,
  };
  const slope = computeDelta(parabola).data;
  for (let t = 4; t < 11; t++) assert.ok(Math.abs(slope[t]! - t) < 1e-5);
  const curvature = computeDelta(parabola, { order: 2 }).data;
  assert.ok(curvature.every((value) => Math.abs(value - 1) < 1e-5));
});

Deno.test("createDeltas() gives the same bits row by row as at once, and each row first", () => {
  const { data, shape: [T, width] } = readMfcc();
  const [once, rowByRow] = [createDeltas(width), createDeltas(width)];
  const expected = concatenate([once.push(data), once.flush()]);
  const rows: Float32Array[] = [];
  for (let t = 0; t < T; t++) rows.push(rowByRow.push(data.subarray(t * width, (t + 1) * width)));
  const actual = concatenate([...rows, rowByRow.flush()]);
  assert.deepEqual(actual, expected);
  for (let t = 0; t < T; t++) {
    assert.deepEqual(
      actual.subarray(t * 3 * width, t * 3 * width + width),
      data.subarray(t * width, (t + 1) * width),
    );
  }
});

Deno.test("createDeltas() rejects even windows, short recordings and use after flush()", () => {
  assert.throws(() => createDeltas(1, { window: 4 }), RangeError);
  const short = createDeltas(1);
  short.push(new Float32Array(8));
  assert.throws(() => short.flush(), /8 frames/);
  assert.throws(() => short.push(new Float32Array(1)), TypeError);
});
