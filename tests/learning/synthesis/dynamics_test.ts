import assert from "node:assert/strict";
import { createRandom } from "lib/base/numbers/random.ts";
import { compress, gate, suppressNoise } from "lib/learning/synthesis/dynamics.ts";
import { decibelsToRatio, rootMeanSquare } from "lib/learning/synthesis/level.ts";

const SAMPLE_RATE = 16_000;

function sine(hertz: number, amplitude: number, seconds: number): Float32Array {
  return Float32Array.from(
    { length: seconds * SAMPLE_RATE },
    (_, n) => amplitude * Math.sin(2 * Math.PI * hertz * n / SAMPLE_RATE),
  );
}

/** Level of the second half, in dB relative to that of a sine of this amplitude. */
function levelOf(samples: Float32Array, amplitude: number): number {
  return 20 * Math.log10(rootMeanSquare(samples.subarray(samples.length >> 1)) / (amplitude / Math.SQRT2));
}

Deno.test("suppressNoise() swallows what is soft in its band, and leaves loud sound as it is", () => {
  // A loud second in two bands, then a soft one in the lower band alone.
  const high = sine(5000, 0.25, 1);
  const loud = sine(200, 0.5, 1).map((value, n) => value + high[n]!);
  const sound = new Float32Array([...loud, ...sine(200, 0.5 * decibelsToRatio(-30), 1)]);
  const suppressed = sound.slice();
  suppressNoise(suppressed, -20, SAMPLE_RATE);
  const middle = (samples: Float32Array) => samples.subarray(SAMPLE_RATE / 2, SAMPLE_RATE);
  middle(suppressed).forEach((value, n) => assert.ok(Math.abs(value - middle(sound)[n]!) < 1e-3, `${n}`));
  assert.ok(levelOf(suppressed.slice(SAMPLE_RATE), 0.5) < -60);
});

Deno.test("gate() holds through the zeros of a wave and closes on hiss", () => {
  const random = createRandom("hiss");
  const tone = sine(100, 0.5, 1);
  const sound = new Float32Array([
    ...tone,
    ...Array.from({ length: SAMPLE_RATE }, () => 0.002 * random.normal()),
  ]);
  gate(sound, -30, SAMPLE_RATE);
  assert.ok(Math.abs(levelOf(sound.slice(0, SAMPLE_RATE), 0.5)) < 0.1);
  assert.ok(levelOf(sound.slice(SAMPLE_RATE), 0.5) < -80);
});

Deno.test("compress() takes its share of the range; a slow attack lets the start through", () => {
  const quick = sine(300, 0.8, 2), slow = quick.slice();
  compress(quick, { amount: 0.5, attack: 0.004, release: 0.1 }, SAMPLE_RATE);
  compress(slow, { amount: 0.5, attack: 0.2, release: 0.5 }, SAMPLE_RATE);
  // The follower settles between mean and peak, 21 to 24 dB above the threshold: half of that goes.
  assert.ok(levelOf(quick, 0.8) < -8 && levelOf(quick, 0.8) > -13, `${levelOf(quick, 0.8)} dB`);
  const start = (samples: Float32Array) => rootMeanSquare(samples.subarray(160, 480));
  assert.ok(start(slow) > 1.3 * start(quick));
});
