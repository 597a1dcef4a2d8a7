import assert from "node:assert/strict";
import { createPrecisePower } from "lib/learning/features/precise_power.ts";
import { computePowerSpectrogram } from "lib/learning/features/stft.ts";
import { makeChirp } from "tests/learning/features/reference.ts";

Deno.test("createPrecisePower() equals the transform in WebAssembly for every kind of size", () => {
  for (const nFft of [32, 64, 96, 160, 480, 1024, 1440]) {
    const sound = makeChirp(4 * nFft).map((value) => value + 0.1);
    const hopLength = nFft;
    const winLength = nFft - 7;
    const { data, shape: [, bins] } = computePowerSpectrogram(sound, { nFft, winLength, hopLength });
    const power = new Float64Array(bins);
    createPrecisePower(nFft, winLength)(sound, 2 * hopLength - nFft / 2, power);
    for (const [bin, value] of power.entries()) {
      assert.ok(Math.abs(value - data[2 * bins + bin]!) < 1e-5 * (1 + value), `${nFft} samples, bin ${bin}`);
    }
  }
});

Deno.test("createPrecisePower() of a loud cosine leaves no noise above -250 dB", () => {
  const nFft = 960;
  const cosine = Float32Array.from({ length: nFft }, (_, i) => i % 4 === 0 ? 1 : i % 4 === 2 ? -1 : 0);
  const power = new Float64Array(nFft / 2 + 1);
  createPrecisePower(nFft)(cosine, 0, power);
  assert.ok(Math.abs(power[240]! - 240 ** 2) < 0.01);
  for (const bin of [0, 100, 230, 250, 480]) {
    assert.ok(power[bin]! < 240 ** 2 * 1e-25, `bin ${bin}: ${power[bin]}`);
  }
});

Deno.test("createPrecisePower() rejects sizes that are not made of 2, 3 and 5", () => {
  assert.throws(() => createPrecisePower(224), RangeError);
});
