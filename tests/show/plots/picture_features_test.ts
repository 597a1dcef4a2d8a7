import assert from "node:assert/strict";
import { computeLogMel } from "lib/learning/features/log_mel.ts";
import { frequencyMarks, pictureFeatures } from "lib/show/plots/picture_features.ts";

Deno.test("frequencyMarks() puts a mark where a tone of its frequency is drawn", () => {
  const rate = 16_000;
  for (const hertz of [250, 1000, 4000]) {
    const tone = Float32Array.from({ length: rate }, (_, i) => Math.sin(2 * Math.PI * hertz * i / rate));
    const config = pictureFeatures(rate, 800);
    const { data, shape: [, M] } = computeLogMel(tone, config);
    const frame = data.subarray(10 * M, 11 * M);
    const band = frame.indexOf(Math.max(...frame));
    const [mark] = frequencyMarks([hertz], config);
    assert.ok(Math.abs((band + 0.5) / M - mark!.share) < 0.02, `band ${band} at ${hertz} Hz, ${mark!.share}`);
  }
});

Deno.test("pictures of sound with a low rate end at half of it, and have no marks above", () => {
  const config = pictureFeatures(4000, 40);
  assert.equal(config.fMax, 2000);
  assert.deepEqual(frequencyMarks([30, 250, 1000, 4000], config).map(({ text }) => text), [
    "250 Hz",
    "1 kHz",
  ]);
});
