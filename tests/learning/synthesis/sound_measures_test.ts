import assert from "node:assert/strict";
import { createRandom } from "lib/base/numbers/random.ts";
import { whiteNoise } from "lib/learning/synthesis/noise.ts";
import { measureSound } from "lib/learning/synthesis/sound_measures.ts";

const SAMPLE_RATE = 16000;

function harmonics(hertz: number, levels: readonly number[], seconds = 1): Float32Array {
  return Float32Array.from(
    { length: seconds * SAMPLE_RATE },
    (_, n) =>
      levels.reduce(
        (sum, level, k) => sum + level * Math.sin(2 * Math.PI * (k + 1) * hertz * n / SAMPLE_RATE),
        0,
      ),
  );
}

Deno.test("measureSound() measures a tone: its frequency, its period, hardly any flatness", () => {
  const measures = measureSound(harmonics(200, [0.5]), { sampleRate: SAMPLE_RATE });
  assert.ok(Math.abs(measures.centroid - 200) < 5);
  assert.ok(Math.abs(measures.rolloff50 - 200) < 20 && Math.abs(measures.rolloff95 - 200) < 35);
  assert.ok(Math.abs(measures.pulseRate - 200) < 2);
  assert.equal(measures.periodicShare, 1);
  assert.ok(measures.flatness < 0.01);
});

Deno.test("measureSound() measures white noise: centre of the band, flat, not periodic", () => {
  const measures = measureSound(whiteNoise(createRandom(3), SAMPLE_RATE), { sampleRate: SAMPLE_RATE });
  assert.ok(Math.abs(measures.centroid - 4000) < 200);
  assert.ok(Math.abs(measures.rolloff85 - 6800) < 200);
  // The mean logarithm of an exponential distribution lies Euler's constant below the logarithm of its mean.
  assert.ok(Math.abs(measures.flatness - Math.exp(-0.5772)) < 0.03);
  assert.equal(measures.periodicShare, 0);
  assert.ok(Number.isNaN(measures.pulseRate));
});

Deno.test("measureSound() finds the pulse rate of a tone whose second harmonic is the strongest", () => {
  const { pulseRate } = measureSound(harmonics(110, [0.2, 0.5, 0.3, 0.1]), { sampleRate: SAMPLE_RATE });
  assert.ok(Math.abs(pulseRate - 110) < 2);
});

Deno.test("measureSound() measures the active part and the beats of its loudness", () => {
  const samples = new Float32Array(3 * SAMPLE_RATE);
  harmonics(300, [0.5]).forEach((value, n) => {
    samples[SAMPLE_RATE + n] = value * (1 - 0.8 * (0.5 + 0.5 * Math.cos(2 * Math.PI * 5 * n / SAMPLE_RATE)));
  });
  const { duration, beatRate } = measureSound(samples, { sampleRate: SAMPLE_RATE });
  assert.ok(Math.abs(duration - 1) < 0.03);
  assert.ok(Math.abs(beatRate - 5) < 0.3);
});
