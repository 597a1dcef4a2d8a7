import assert from "node:assert/strict";
import { concatenate } from "lib/base/numbers/concatenate.ts";
import { computeMfcc, cosineTransform, createMfcc, DEFAULT_MFCC } from "lib/learning/features/mfcc.ts";
import {
  assertClose,
  AWKWARD_BLOCKS,
  makeChirp,
  readReference,
  readSignal,
  splitBlocks,
} from "tests/learning/features/reference.ts";

/** Columns `from` to `from + width` of a matrix. */
function columns(matrix: ReturnType<typeof computeMfcc>, from: number, width: number) {
  const [T, all] = matrix.shape;
  const rows = Array.from(
    { length: T },
    (_, t) => matrix.data.subarray(t * all + from, t * all + from + width),
  );
  return { data: concatenate([...rows]), shape: [T, width] };
}

Deno.test("computeMfcc() equals librosa within 1e-4, with both deltas", () => {
  const mfcc = computeMfcc(readSignal(), DEFAULT_MFCC);
  assertClose(columns(mfcc, 0, 20), readReference("mfcc"), 1e-4);
  assertClose(columns(mfcc, 20, 20), readReference("mfcc_delta_1"), 1e-4);
  assertClose(columns(mfcc, 40, 20), readReference("mfcc_delta_2"), 1e-4);
});

Deno.test("createMfcc() gives every bit of computeMfcc() whatever the block size", () => {
  const samples = makeChirp(20_011);
  for (const deltas of [0, 1, 2] as const) {
    const config = { ...DEFAULT_MFCC, deltas };
    const whole = computeMfcc(samples, config);
    assert.deepEqual(whole.shape, [63, 20 * (1 + deltas)]);
    for (const size of AWKWARD_BLOCKS) {
      const stream = createMfcc(config);
      const rows = [...splitBlocks(samples, size)].map((block) => stream.push(block));
      assert.deepEqual(concatenate([...rows, stream.flush()]), whole.data);
    }
  }
});

Deno.test("cosineTransform() is orthonormal", () => {
  const size = 12;
  const matrix = cosineTransform(size, size);
  for (let a = 0; a < size; a++) {
    for (let b = 0; b < size; b++) {
      let sum = 0;
      for (let n = 0; n < size; n++) sum += matrix[a * size + n]! * matrix[b * size + n]!;
      assert.ok(Math.abs(sum - (a === b ? 1 : 0)) < 1e-6);
    }
  }
});

Deno.test("createMfcc() rejects more coefficients than bands, and deltas longer than the recording", () => {
  assert.throws(() => createMfcc({ ...DEFAULT_MFCC, nMfcc: 65 }), RangeError);
  assert.throws(() => createMfcc({ ...DEFAULT_MFCC, deltaWindow: 8 }), RangeError);
  assert.throws(
    () => computeMfcc(new Float32Array(2000), DEFAULT_MFCC),
    /7 frames are fewer than the window of 9/,
  );
});
