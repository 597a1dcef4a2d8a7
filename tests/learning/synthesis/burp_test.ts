import assert from "node:assert/strict";
import { createRandom } from "lib/base/numbers/random.ts";
import { synthesizeBurp } from "lib/learning/synthesis/burp.ts";
import { peakOf } from "lib/learning/synthesis/level.ts";
import { RECORDED_BURPS } from "lib/learning/synthesis/recorded_burps.ts";
import { measureSound } from "lib/learning/synthesis/sound_measures.ts";

const SAMPLE_RATE = 16000;

/**
 * Factors by which the 10th, 50th and 90th percentile of 300 synthetic burps may be off those of the recorded ones. They
 * are wide where 19 recordings say little (the ends of the ranges), and for the highest frequencies, where microphones
 * and codecs say more than burps. Flatness is there for its order only: how the recorded one was defined is not known.
 */
const TOLERANCES = {
  duration: [1.35, 1.2, 1.3],
  flatness: [4, 4, 3.5],
  centroid: [1.25, 1.25, 1.3],
  rolloff50: [1.25, 1.3, 1.3],
  rolloff85: [1.25, 1.4, 1.3],
  rolloff95: [2, 1.5, 1.5],
  pulseRate: [1.3, 1.3, 1.4],
  periodicShare: [1.9, 1.25, 1.25],
} as const;

Deno.test("synthesizeBurp() spreads as recorded burps do", () => {
  const random = createRandom("distribution");
  const measures = Array.from(
    { length: 300 },
    () => measureSound(synthesizeBurp(random, { sampleRate: SAMPLE_RATE }), { sampleRate: SAMPLE_RATE }),
  );
  for (const name of Object.keys(TOLERANCES) as (keyof typeof TOLERANCES)[]) {
    const recorded = RECORDED_BURPS[name], factors = TOLERANCES[name];
    const sorted = measures.map((each) => each[name]).filter((value) => !Number.isNaN(value)).toSorted((
      a,
      b,
    ) => a - b);
    for (const [i, share] of [0.1, 0.5, 0.9].entries()) {
      const value = sorted[Math.floor(share * (sorted.length - 1))]!;
      const ratio = value / recorded[i]!, factor = factors[i]!;
      assert.ok(
        ratio > 1 / factor && ratio < factor,
        `${name}: percentile ${100 * share} is ${value.toPrecision(3)}, recorded ${
          recorded[i]
        }, factor ${factor}`,
      );
    }
  }
  // Recorded loudness beats mostly at 3 to 7 Hz, a fifth of the burps flutter at 38 to 57 Hz.
  const beats = measures.map((each) => each.beatRate).filter((rate) => !Number.isNaN(rate));
  const shareOf = (low: number, high: number) =>
    beats.filter((rate) => rate >= low && rate < high).length / beats.length;
  assert.ok(shareOf(2, 8) > 0.5);
  assert.ok(shareOf(30, 61) > 0.08 && shareOf(30, 61) < 0.3);
});

Deno.test("synthesizeBurp() repeats itself for the same state and differs for another", () => {
  const make = (seed: number) => synthesizeBurp(createRandom(seed), { sampleRate: SAMPLE_RATE });
  assert.deepEqual(make(1), make(1));
  assert.notDeepEqual(make(1), make(2));
});

Deno.test("synthesizeBurp() gives finite samples within full scale at every common rate", () => {
  const random = createRandom("rates");
  for (const sampleRate of [8000, 16000, 22050, 44100, 48000]) {
    for (let i = 0; i < 20; i++) {
      const samples = synthesizeBurp(random, { sampleRate });
      assert.ok(samples.every(Number.isFinite));
      const peak = peakOf(samples);
      assert.ok(peak > 0.045 && peak <= 1.01, `peak ${peak} at ${sampleRate} Hz`);
    }
  }
});

Deno.test("synthesizeBurp() lasts as long as asked, but for what surrounds it and its echo", () => {
  const random = createRandom("lengths");
  for (const duration of [0.2, 1, 3]) {
    const seconds = synthesizeBurp(random, { sampleRate: SAMPLE_RATE, duration, dry: true }).length /
      SAMPLE_RATE;
    assert.ok(seconds >= duration && seconds < duration + 1, `${seconds} s for ${duration} s`);
  }
});
