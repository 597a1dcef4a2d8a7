import assert from "node:assert/strict";
import { createRandom } from "lib/base/numbers/random.ts";
import { createSmoother, smoothingLength, smoothScores } from "lib/learning/detect/smooth.ts";

Deno.test("smoothingLength() is the nearest odd number of scores", () => {
  assert.equal(smoothingLength(0, 0.08), 1);
  assert.equal(smoothingLength(0.08, 0.08), 1);
  assert.equal(smoothingLength(0.24, 0.08), 3);
  assert.equal(smoothingLength(0.5, 0.08), 7);
});

Deno.test("smoothScores() with a median removes a single spike and keeps a step where it is", () => {
  const options = { kind: "median", length: 3, width: 1 } as const;
  assert.deepEqual(
    smoothScores(Float32Array.of(0, 0, 1, 0, 0, 1, 1, 1), options),
    Float32Array.of(0, 0, 0, 0, 0, 1, 1, 1),
  );
});

Deno.test("smoothScores() with a mean covers only scores that exist at the ends", () => {
  const options = { kind: "mean", length: 3, width: 1 } as const;
  assert.deepEqual(smoothScores(Float32Array.of(3, 0, 0, 6), options), Float32Array.of(1.5, 1, 2, 3));
  assert.deepEqual(smoothScores(Float32Array.of(), options), Float32Array.of());
});

Deno.test("smoothScores() keeps events apart", () => {
  const scores = Float32Array.of(0, 1, 0, 1, 1, 0, 0, 1);
  const options = { kind: "median", length: 3, width: 2 } as const;
  assert.deepEqual(smoothScores(scores, options), Float32Array.of(0, 1, 0, 1, 0, 1, 0.5, 0.5));
});

Deno.test("createSmoother() gives the same whatever parts the scores arrive in", () => {
  const random = createRandom(1);
  const scores = Float32Array.from({ length: 3 * 200 }, () => random.next());
  for (const kind of ["median", "mean", "none"] as const) {
    const options = { kind, length: 7, width: 3 };
    const whole = smoothScores(scores, options);
    assert.equal(whole.length, scores.length);
    for (const rows of [1, 2, 5, 50]) {
      const smoother = createSmoother(options);
      const parts: number[] = [];
      for (let i = 0; i < scores.length; i += rows * 3) {
        parts.push(...smoother.push(scores.slice(i, i + rows * 3)));
      }
      parts.push(...smoother.flush());
      assert.deepEqual(Float32Array.from(parts), whole);
    }
  }
});

Deno.test("createSmoother() refuses an even length", () => {
  assert.throws(() => createSmoother({ kind: "mean", length: 4, width: 1 }), RangeError);
});
