import assert from "node:assert/strict";
import { createRandom } from "lib/base/numbers/random.ts";
import { findOnsets } from "lib/work/harvest/onsets.ts";

const T = 1000;
const M = 16;
const GRID = { startTime: 100, period: 0.02 };

/** A noisy background at -60 dB with sounds: start and end in frames, level above it in dB in the lower half of bands. */
function spectrogram(sounds: readonly (readonly [number, number, number])[]): Float32Array {
  const random = createRandom("bed");
  const data = Float32Array.from({ length: T * M }, () => -60 + 2 * random.normal());
  for (const [start, end, level] of sounds) {
    for (let t = start; t < end; t++) {
      for (let m = 0; m < M / 2; m++) data[t * M + m] = data[t * M + m]! + level;
    }
  }
  return data;
}

Deno.test("findOnsets() finds where sounds begin and end, in seconds of the recording", () => {
  const onsets = findOnsets({ data: spectrogram([[200, 240, 20], [600, 700, 12]]), shape: [T, M] }, GRID);
  assert.equal(onsets.length, 2);
  const [first, second] = onsets;
  assert(Math.abs(first!.onset - 104) <= 0.04 && Math.abs(first!.offset - 104.8) <= 0.1, Deno.inspect(first));
  assert(
    Math.abs(second!.onset - 112) <= 0.04 && Math.abs(second!.offset - 114) <= 0.1,
    Deno.inspect(second),
  );
  assert(first!.salience > second!.salience && first!.level > second!.level);
});

Deno.test("findOnsets() counts a sound against its own bands, not by its level alone", () => {
  const data = spectrogram([[500, 530, 15]]);
  // A hum, louder than anything else, that never changes.
  for (let t = 0; t < T; t++) for (let m = 12; m < M; m++) data[t * M + m] = -10;
  const onsets = findOnsets({ data, shape: [T, M] }, GRID);
  assert.deepEqual(onsets.map((onset) => Math.round(onset.onset * 10) / 10), [110]);
});

Deno.test("findOnsets() finds nothing in a steady bed and in nothing", () => {
  assert.deepEqual(findOnsets({ data: spectrogram([]), shape: [T, M] }, GRID), []);
  assert.deepEqual(findOnsets({ data: new Float32Array(0), shape: [0, M] }, GRID), []);
  assert.throws(() => findOnsets({ data: new Float32Array(5), shape: [2, 3] }, GRID), RangeError);
});

Deno.test("findOnsets() ends a sound where the next begins and keeps to its longest", () => {
  const data = spectrogram([[200, 260, 12], [260, 320, 24], [400, 900, 12]]);
  const onsets = findOnsets({ data, shape: [T, M] }, GRID, { maxDuration: 3 });
  assert.equal(onsets.length, 3);
  assert.equal(onsets[0]!.offset, onsets[1]!.onset);
  assert(Math.abs(onsets[2]!.offset - onsets[2]!.onset - 3) < 1e-6);
});
