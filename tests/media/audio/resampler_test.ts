import assert from "node:assert/strict";
import { createRandom } from "lib/base/numbers/random.ts";
import { createResampler } from "lib/media/audio/resampler.ts";
import { sine } from "tests/media/audio/wav_builder.ts";

const RATIOS = [
  [44_100, 16_000],
  [48_000, 16_000],
  [22_050, 16_000],
  [8000, 16_000],
  [11_025, 16_000],
  [16_000, 48_000],
  [44_101, 16_000],
  [96_000, 16_000],
] as const;

function resample(
  samples: Float32Array,
  from: number,
  to: number,
  blockLength = samples.length,
): Float32Array {
  const resampler = createResampler(from, to);
  const parts: number[][] = [];
  for (let at = 0; at < samples.length; at += blockLength) {
    parts.push([...resampler.push(samples.subarray(at, at + blockLength))]);
  }
  parts.push([...resampler.flush()]);
  return Float32Array.from(parts.flat());
}

/** Level of the middle half, in dB below that of a sine of amplitude 0.5. */
function level(samples: Float32Array): number {
  const middle = samples.subarray(samples.length / 4, 3 * samples.length / 4);
  const power = middle.reduce((sum, value) => sum + value * value, 0) / middle.length;
  return 10 * Math.log10(power / 0.125);
}

for (const [from, to] of RATIOS) {
  Deno.test(`createResampler(${from}, ${to}) keeps sines below the Nyquist frequencies as they are`, () => {
    const nyquist = Math.min(from, to) / 2;
    for (const share of [0.01, 0.1, 0.5, 0.8, 0.88]) {
      const frequency = Math.round(share * nyquist);
      const output = resample(sine(frequency, { sampleRate: from, length: from / 2 }), from, to);
      const expected = sine(frequency, { sampleRate: to, length: output.length });
      const edge = Math.ceil(200 * Math.max(1, to / from)); // the silence before and after the sine
      let error = 0;
      for (let i = edge; i < output.length - edge; i++) {
        error = Math.max(error, Math.abs(output[i]! - expected[i]!));
      }
      assert.ok(error < 5e-4, `${frequency} Hz differs by ${error}`); // 60 dB below the sine
    }
  });
}

Deno.test("createResampler() puts sines above the new Nyquist frequency 60 dB down", () => {
  for (
    const [from, to] of [[44_100, 16_000], [48_000, 16_000], [22_050, 16_000], [44_101, 16_000]] as const
  ) {
    for (const frequency of [8010, 8500, 9000, 10_000, 10_900]) {
      const output = resample(sine(frequency, { sampleRate: from, length: from }), from, to);
      assert.ok(level(output) < -60, `${frequency} Hz of ${from} Hz is at ${level(output)} dB`);
    }
  }
});

Deno.test("createResampler() makes no mirror images when it raises the rate", () => {
  // Of a sine of 3 kHz at 8 kHz, the first image is at 5 kHz; subtracting the sine leaves the images.
  const output = resample(sine(3000, { sampleRate: 8000, length: 8000 }), 8000, 16_000);
  const images = sine(3000, { length: output.length }).map((value, i) => output[i]! - value);
  assert.ok(level(images) < -60, `images are at ${level(images)} dB`);
});

Deno.test("createResampler() keeps a constant constant", () => {
  const output = resample(new Float32Array(20_000).fill(0.25), 44_100, 16_000).subarray(200, -200);
  assert.ok(output.every((value) => Math.abs(value - 0.25) < 1e-6));
});

Deno.test("createResampler() gives ceil(N * toRate / fromRate) samples, for no and one sample too", () => {
  for (const [from, to] of RATIOS) {
    for (const length of [0, 1, 2, 159, 441, 1000, 44_100]) {
      assert.equal(resample(new Float32Array(length), from, to).length, Math.ceil(length * to / from));
    }
  }
});

Deno.test("createResampler() gives the same bits however the input is cut", () => {
  const random = createRandom("resampler");
  const noise = Float32Array.from({ length: 30_000 }, () => random.uniform(-1, 1));
  for (const [from, to] of RATIOS) {
    const whole = resample(noise, from, to);
    for (const blockLength of [1, 7, 160, 1000, 16_384, 20_000]) {
      assert.deepEqual(resample(noise, from, to, blockLength), whole);
    }
  }
});

Deno.test("createResampler() copes with extreme ratios", () => {
  assert.equal(
    resample(new Float32Array(100_003), 1_000_000, 16_001).length,
    Math.ceil(100_003 * 16_001 / 1_000_000),
  );
  assert.equal(resample(new Float32Array(999), 100, 16_000).length, 159_840);
  const output = resample(sine(1000, { sampleRate: 999_983, length: 999_983 }), 999_983, 16_000);
  assert.ok(Math.abs(level(output)) < 0.01, `1 kHz is at ${level(output)} dB`);
});

Deno.test("createResampler() passes equal rates through and refuses rates that are none", () => {
  const samples = sine(440, { length: 100 });
  assert.deepEqual(resample(samples, 16_000, 16_000), samples);
  for (const rate of [0, -1, 1.5, NaN]) assert.throws(() => createResampler(rate, 16_000), RangeError);
});
