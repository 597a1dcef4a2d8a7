import assert from "node:assert/strict";
import { binFrequencies, computePowerSpectrogram, computeStft } from "lib/learning/features/stft.ts";
import { assertClose, makeChirp, readReference, readSignal } from "tests/learning/features/reference.ts";

Deno.test("computeStft() equals librosa", () => {
  assertClose(computeStft(readSignal(), { nFft: 96, hopLength: 96 }), readReference("stft"), 1e-4);
});

Deno.test("computeStft() of a cosine at a bin has a peak of nFft / 4 there, and its halves beside it", () => {
  const nFft = 480;
  const cosine = Float32Array.from({ length: 4800 }, (_, i) => Math.cos(2 * Math.PI * 30 * i / nFft));
  const { data, shape: [, bins] } = computeStft(cosine, { nFft, hopLength: nFft });
  const frame = data.subarray(5 * bins * 2, 6 * bins * 2);
  const magnitude = (bin: number) => Math.hypot(frame[2 * bin]!, frame[2 * bin + 1]!);
  assert.ok(Math.abs(magnitude(30) - 120) < 1e-3);
  assert.ok(Math.abs(magnitude(29) - 60) < 1e-3 && Math.abs(magnitude(31) - 60) < 1e-3);
  assert.ok(magnitude(33) < 1e-3);
});

Deno.test("computePowerSpectrogram() is the squared magnitude of computeStft(), first and last bin included", () => {
  const framing = { nFft: 64, winLength: 50, hopLength: 20 };
  const sound = makeChirp(1000).map((value, i) => value + 0.1 + (i % 2) * 0.2);
  const stft = computeStft(sound, framing);
  const power = computePowerSpectrogram(sound, framing);
  assert.deepEqual(power.shape, [51, 33]);
  const squared = power.data.map((_, i) => stft.data[2 * i]! ** 2 + stft.data[2 * i + 1]! ** 2);
  assertClose(power, { data: squared, shape: [51, 33] }, 1e-5);
});

Deno.test("binFrequencies() go from 0 to half of the rate", () => {
  assert.deepEqual(binFrequencies(32, 16_000).filter((_, bin) => bin % 8 === 0), [0, 4000, 8000]);
});

Deno.test("computeStft() rejects sizes that the transform does not take", () => {
  assert.throws(() => computeStft(new Float32Array(10), { nFft: 400, hopLength: 100 }), RangeError);
});
