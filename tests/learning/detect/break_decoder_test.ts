import assert from "node:assert/strict";
import { decodeBreaks } from "lib/learning/detect/break_decoder.ts";

const LENGTHS = { shortest: 20, longest: 60, shortestBetween: 10 };

/** Scores of 0.9 in the given frames, of 0.1 elsewhere. */
function scoresOf(length: number, active: readonly (readonly [number, number])[]): Float32Array {
  const scores = new Float32Array(length).fill(0.1);
  for (const [start, end] of active) scores.fill(0.9, start, end);
  return scores;
}

Deno.test("decodeBreaks() finds breaks, and bridges what interrupts one", () => {
  assert.deepEqual(decodeBreaks(scoresOf(200, [[50, 65], [69, 90]]), LENGTHS), [{ start: 50, end: 90 }]);
});

Deno.test("decodeBreaks() leaves out what is shorter than any break", () => {
  assert.deepEqual(decodeBreaks(scoresOf(200, [[100, 106]]), LENGTHS), []);
});

Deno.test("decodeBreaks() makes no break longer than the longest", () => {
  for (const { start, end } of decodeBreaks(scoresOf(300, [[100, 200]]), LENGTHS)) {
    assert.ok(end - start <= LENGTHS.longest, `${start} to ${end}`);
  }
});

Deno.test("decodeBreaks() takes a short break where the recording begins or ends in it", () => {
  assert.deepEqual(decodeBreaks(scoresOf(200, [[0, 8], [190, 200]]), LENGTHS), [
    { start: 0, end: 8 },
    { start: 190, end: 200 },
  ]);
});

Deno.test("decodeBreaks() finds one break where there is nothing else, and none in nothing", () => {
  assert.deepEqual(decodeBreaks(scoresOf(40, [[0, 40]]), LENGTHS), [{ start: 0, end: 40 }]);
  assert.deepEqual(decodeBreaks(new Float32Array(0), LENGTHS), []);
});
