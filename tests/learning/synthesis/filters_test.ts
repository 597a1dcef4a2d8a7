import assert from "node:assert/strict";
import { createRandom } from "lib/base/numbers/random.ts";
import { filterInPlace, type FilterSpec } from "lib/learning/synthesis/biquad.ts";
import { drawCurve } from "lib/learning/synthesis/curve.ts";
import { applyFormants } from "lib/learning/synthesis/formants.ts";
import { activeRange, mixInto, rootMeanSquare } from "lib/learning/synthesis/level.ts";
import { createPulseSource } from "lib/learning/synthesis/pulse_source.ts";
import { applyRoom } from "lib/learning/synthesis/room.ts";

const sampleRate = 16000;

function sine(hertz: number, length = sampleRate): Float32Array {
  return Float32Array.from({ length }, (_, n) => Math.sin(2 * Math.PI * hertz * n / sampleRate));
}

/** Gain in dB once the filter has settled. */
function gainAt(hertz: number, process: (samples: Float32Array) => Float32Array): number {
  const before = sine(hertz), after = process(before.slice());
  return 20 * Math.log10(rootMeanSquare(after.subarray(8000)) / rootMeanSquare(before.subarray(8000)));
}

Deno.test("filterInPlace() has the gains that its formulas promise", () => {
  const gain = (spec: Omit<FilterSpec, "sampleRate">, hertz: number) =>
    gainAt(hertz, (samples) => filterInPlace(samples, { ...spec, sampleRate }));
  const near = (value: number, expected: number) =>
    assert.ok(Math.abs(value - expected) < 0.1, `${value} dB`);
  near(gain({ kind: "lowpass", frequency: 1000 }, 1000), -3.01);
  near(gain({ kind: "lowpass", frequency: 1000 }, 50), 0);
  near(gain({ kind: "highpass", frequency: 1000 }, 1000), -3.01);
  near(gain({ kind: "bandpass", frequency: 1000, q: 2 }, 1000), 0);
  near(gain({ kind: "peak", frequency: 500, q: 1, gainDecibels: 6 }, 500), 6);
  near(gain({ kind: "lowshelf", frequency: 500, gainDecibels: 8 }, 20), 8);
  near(gain({ kind: "highshelf", frequency: 500, gainDecibels: -9 }, 7500), -9);
  assert.ok(gain({ kind: "notch", frequency: 1000, q: 2 }, 1000) < -60);
});

Deno.test("applyFormants() resonates at the formant and leaves 0 Hz alone", () => {
  const formant = [{ frequency: new Float32Array(sampleRate).fill(600), bandwidth: 60 }];
  const gain = (hertz: number) => gainAt(hertz, (samples) => applyFormants(samples, formant, { sampleRate }));
  // Klatt's resonator has a gain of about frequency / bandwidth at its centre.
  assert.ok(Math.abs(gain(600) - 20) < 1);
  assert.ok(Math.abs(gain(5)) < 0.1);
  assert.ok(gain(4000) < -20);
});

Deno.test("createPulseSource() pulses at the rate asked for", () => {
  const { samples } = createPulseSource(createRandom(1), {
    sampleRate,
    rate: new Float32Array(sampleRate).fill(100),
    jitter: 0,
    shimmer: 0,
  });
  // Each pulse ends in one steep closing.
  let closings = 0;
  for (let n = 1; n < samples.length; n++) if (samples[n]! > -0.5 && samples[n - 1]! <= -0.5) closings++;
  assert.ok(Math.abs(closings - 100) <= 1, `${closings} pulses`);
});

Deno.test("drawCurve() passes through its points and stays constant outside of them", () => {
  const curve = drawCurve([[0.25, 1], [0.5, 3], [0.75, 2]], { length: 1000, sampleRate: 1000 });
  const at = (index: number) => Math.round(1000 * curve[index]!) / 1000;
  assert.deepEqual([at(0), at(250), at(375), at(500), at(750), at(999)], [1, 1, 2, 3, 2, 2]);
});

Deno.test("applyRoom() decays by 60 dB within the reverberation time", () => {
  const click = new Float32Array(sampleRate);
  click[0] = 1;
  const room = { reverberationTime: 0.4, wetness: 0.5, firstReflection: 0.005, brightness: 1 };
  const wet = applyRoom(click, room, { random: createRandom(2), sampleRate });
  const levelAt = (seconds: number) =>
    rootMeanSquare(wet.subarray(seconds * sampleRate, (seconds + 0.1) * sampleRate));
  const decay = 20 * Math.log10(levelAt(0.45) / levelAt(0.05));
  assert.ok(decay > -70 && decay < -50, `${decay} dB in the reverberation time`);
});

Deno.test("activeRange() cuts silence away, and mixInto() drops what lies outside", () => {
  const samples = new Float32Array(sampleRate);
  mixInto(samples, sine(400, 4000), 8000);
  assert.deepEqual(activeRange(samples, { sampleRate }), [8000, 12000]);
  assert.deepEqual(activeRange(new Float32Array(100), { sampleRate }), [0, 0]);
  mixInto(samples, sine(400, 4000), -2000);
  mixInto(samples, sine(400, 4000), 14000);
  assert.deepEqual(activeRange(samples, { sampleRate }), [0, 16000]);
  assert.equal(samples.length, sampleRate);
});
