import assert from "node:assert/strict";
import { createRandom } from "lib/base/numbers/random.ts";
import { addReverberation, changeSpeed, equalise, tiltSpectrum } from "lib/learning/dataset/augment.ts";
import { levelDb } from "lib/learning/dataset/clip.ts";

const RATE = 16_000;
const sine = (frequency: number, seconds = 1): Float32Array =>
  Float32Array.from(
    { length: seconds * RATE },
    (_, n) => 0.5 * Math.sin((2 * Math.PI * frequency * n) / RATE),
  );

function crossings(samples: Float32Array): number {
  let count = 0;
  for (let n = 1; n < samples.length; n++) if (samples[n - 1]! < 0 && samples[n]! >= 0) count++;
  return count;
}

Deno.test("changeSpeed() changes length and pitch together", () => {
  const faster = changeSpeed(sine(200), 1.25);
  assert.equal(faster.length, Math.floor((RATE - 1) / 1.25) + 1);
  assert(Math.abs(crossings(faster) / (faster.length / RATE) - 250) < 3);
  assert.deepEqual(changeSpeed(sine(200), 1), sine(200));
  assert.throws(() => changeSpeed(sine(200), 0), RangeError);
});

Deno.test("tiltSpectrum() darkens above 0 and brightens below", () => {
  const gain = (frequency: number, tilt: number): number => {
    const samples = sine(frequency);
    tiltSpectrum(samples, tilt);
    return levelDb(samples) - levelDb(sine(frequency));
  };
  assert(gain(7000, 0.5) < gain(100, 0.5) - 6);
  assert(gain(7000, -0.5) > gain(100, -0.5) + 6);
});

Deno.test("equalise() gives its gain at its centre and leaves the far ends alone", () => {
  for (const gainDb of [9, -9]) {
    const at = (frequency: number): number => {
      const samples = sine(frequency);
      equalise(samples, RATE, { centre: 1000, gainDb, q: 1 });
      return levelDb(samples, RATE / 4) - levelDb(sine(frequency), RATE / 4);
    };
    assert(Math.abs(at(1000) - gainDb) < 0.1);
    assert(Math.abs(at(60)) < 0.3);
    assert(Math.abs(at(7000)) < 0.6);
  }
});

Deno.test("addReverberation() adds a decaying tail of the energy asked for after an impulse", () => {
  const impulse = new Float32Array(100);
  impulse[0] = 1;
  const wet = addReverberation(impulse, RATE, { decay: 0.3, wetDb: -6, random: createRandom(3) });
  assert.equal(wet.length, 100 + 4800);
  const energy = (from: number, to: number): number =>
    wet.subarray(from, to).reduce((sum, x) => sum + x * x, 0);
  const direct = wet[0]! ** 2;
  assert(Math.abs(10 * Math.log10((energy(0, 4900) - direct) / 1) + 6) < 1.5);
  assert(energy(100, 1600) > 100 * energy(3300, 4800));
});
