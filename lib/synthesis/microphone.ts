import type { Random } from "lib/system/random.ts";
import { filterInPlace, type FilterSpec } from "lib/synthesis/biquad.ts";
import { decibelsToRatio, peakOf, scaleToPeak } from "lib/synthesis/level.ts";
import { whiteNoise } from "lib/synthesis/noise.ts";

/** A microphone with what stands behind it: equaliser, compressor, gate, an overdriven input, a codec. */
export interface Microphone {
  readonly filters: readonly Omit<FilterSpec, "sampleRate">[];
  /** How much of the range above the threshold a compressor takes away, from 0 to 1. */
  readonly compression: number;
  /** Level relative to the peak below which a noise gate closes, in dB; absent without a gate. */
  readonly gateDecibels?: number;
  /** Gain into the clipping stage, in dB; 0 leaves the peak just below it. */
  readonly overdriveDecibels: number;
  readonly clipping: "hard" | "soft";
  /** Level of the hiss relative to the peak, in dB. */
  readonly noiseDecibels: number;
  /** Peak of the recorded sound, in dB relative to full scale. */
  readonly peakDecibels: number;
}

/** A microphone of a streamer: from a close broadcast microphone with a boomy bass to a thin headset or a webcam. */
export function drawMicrophone(random: Random): Microphone {
  const filters: Omit<FilterSpec, "sampleRate">[] = [];
  const chance = (probability: number) => random.next() < probability;
  filters.push({
    kind: "highpass",
    frequency: chance(0.15) ? random.uniform(150, 320) : random.uniform(20, 120),
  });
  if (chance(0.3)) {
    filters.push({
      kind: "lowshelf",
      frequency: random.uniform(120, 300),
      gainDecibels: random.uniform(2, 9),
    });
  }
  for (let band = random.integer(4); band > 0; band--) {
    const frequency = 150 * 2 ** random.uniform(0, 5.2);
    filters.push({ kind: "peak", frequency, q: random.uniform(0.5, 3), gainDecibels: random.uniform(-7, 7) });
  }
  if (chance(0.5)) {
    filters.push({
      kind: "highshelf",
      frequency: random.uniform(1200, 4500),
      gainDecibels: random.uniform(-7, 15),
    });
  }
  if (chance(0.35)) {
    filters.push({ kind: "lowpass", frequency: random.uniform(3000, 7500), q: random.uniform(0.5, 1) });
  }
  return {
    filters,
    compression: chance(0.4) ? random.uniform(0.2, 0.75) : 0,
    ...(chance(0.12) ? { gateDecibels: random.uniform(-38, -22) } : {}),
    overdriveDecibels: chance(0.2) ? random.uniform(0, 15) : -3,
    clipping: chance(0.5) ? "hard" : "soft",
    noiseDecibels: random.uniform(-75, -42),
    peakDecibels: -random.uniform(0.3, 22),
  };
}

/** The sound as the microphone's owner sends it out; `samples` are changed in place. */
export function applyMicrophone(
  samples: Float32Array,
  microphone: Microphone,
  { random, sampleRate }: { random: Random; sampleRate: number },
): Float32Array {
  for (const filter of microphone.filters) filterInPlace(samples, { ...filter, sampleRate });
  if (microphone.compression > 0) compress(samples, microphone.compression, sampleRate);
  if (microphone.gateDecibels !== undefined) gate(samples, microphone.gateDecibels, sampleRate);
  scaleToPeak(samples, decibelsToRatio(microphone.overdriveDecibels));
  if (microphone.overdriveDecibels > 0) {
    const soft = microphone.clipping === "soft";
    for (let n = 0; n < samples.length; n++) {
      const value = samples[n]!;
      samples[n] = soft ? Math.tanh(value) : Math.max(-1, Math.min(1, value));
    }
  }
  scaleToPeak(samples, decibelsToRatio(microphone.peakDecibels));
  const noise = whiteNoise(random, samples.length);
  const hiss = decibelsToRatio(microphone.peakDecibels + microphone.noiseDecibels);
  for (let n = 0; n < samples.length; n++) samples[n]! += hiss * noise[n]!;
  return samples;
}

/** Compressor with a fast attack and a slow release, threshold 24 dB below the peak. */
function compress(samples: Float32Array, compression: number, sampleRate: number): void {
  const threshold = peakOf(samples) * decibelsToRatio(-24);
  if (threshold === 0) return;
  const attack = Math.exp(-1 / (0.004 * sampleRate)), release = Math.exp(-1 / (0.12 * sampleRate));
  // The gain is renewed every eighth sample: it changes slowly, and the power is the costly part.
  let level = 0, gain = 1;
  for (let n = 0; n < samples.length; n++) {
    const magnitude = Math.abs(samples[n]!);
    const keep = magnitude > level ? attack : release;
    level = magnitude + keep * (level - magnitude);
    if ((n & 7) === 0) gain = level > threshold ? (threshold / level) ** compression : 1;
    samples[n]! *= gain;
  }
}

/** Noise gate that opens in 3 ms, holds for 60 ms and closes in 30 ms. */
function gate(samples: Float32Array, decibels: number, sampleRate: number): void {
  const threshold = peakOf(samples) * decibelsToRatio(decibels);
  const opening = 1 - Math.exp(-1 / (0.003 * sampleRate)), closing = 1 - Math.exp(-1 / (0.03 * sampleRate));
  let gain = 0, hold = 0;
  for (let n = 0; n < samples.length; n++) {
    hold = Math.abs(samples[n]!) > threshold ? 0.06 * sampleRate : hold - 1;
    gain += hold > 0 ? opening * (1 - gain) : -closing * gain;
    samples[n]! *= gain;
  }
}
