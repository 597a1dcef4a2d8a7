import assert from "node:assert/strict";
import { waveformPath, waveformPeaks } from "lib/show/plots/waveform.ts";

Deno.test("waveformPeaks() gives the lowest and the highest sample of each stretch", () => {
  const samples = Float32Array.of(0.5, -0.25, 0, 1, -1, 0.125);
  assert.deepEqual([...waveformPeaks(samples, 3)], [-0.25, 0.5, 0, 1, -1, 0.125]);
});

Deno.test("waveformPeaks() repeats samples when there are fewer than bins, and draws no sample as 0", () => {
  assert.deepEqual([...waveformPeaks(Float32Array.of(0.5), 2)], [0.5, 0.5, 0.5, 0.5]);
  assert.deepEqual([...waveformPeaks(new Float32Array(0), 2)], [0, 0, 0, 0]);
  assert.throws(() => waveformPeaks(new Float32Array(3), 1.5), RangeError);
});

Deno.test("waveformPath() goes along the top and back along the bottom", () => {
  assert.equal(waveformPath(Float32Array.of(-1, 1, -0.5, 0.5), 100), "M0 0.0L1 25.0L1 75.0L0 100.0Z");
  assert.equal(waveformPath(new Float32Array(0), 100), "");
});
