import type { Random } from "lib/base/numbers/random.ts";
import { filterInPlace, type FilterSpec } from "lib/learning/synthesis/biquad.ts";
import { compress, type Compressor, gate, suppressNoise } from "lib/learning/synthesis/dynamics.ts";
import { decibelsToRatio, scaleToPeak } from "lib/learning/synthesis/level.ts";
import { whiteNoise } from "lib/learning/synthesis/noise.ts";

/** A microphone with what stands behind it: equaliser, compressor, gate, an overdriven input, a codec. */
interface Microphone {
  readonly filters: readonly Omit<FilterSpec, "sampleRate">[];
  /** Absent without one. */
  readonly compressor?: Compressor;
  /** Level relative to each band's peak below which noise suppression swallows it, in dB; absent without it. */
  readonly suppressionDecibels?: number;
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

type Filters = readonly Omit<FilterSpec, "sampleRate">[];

/** What kind of microphone colours by its build; most streamers have a close one on the desk. */
function drawBody(random: Random): Filters {
  const kind = random.next();
  const highpass = (low: number, high: number) =>
    ({ kind: "highpass", frequency: random.uniform(low, high) }) as const;
  // A broadcast or condenser microphone, close: boomy or cut below.
  if (kind < 0.55) {
    const boom = {
      kind: "lowshelf",
      frequency: random.uniform(120, 300),
      gainDecibels: random.uniform(2, 9),
    } as const;
    return [highpass(20, 110), ...(random.next() < 0.5 ? [boom] : [])];
  }
  // A headset: no bass, a hump of presence.
  if (kind < 0.8) {
    const presence = { frequency: random.uniform(2000, 4500), q: 1, gainDecibels: random.uniform(3, 10) };
    return [highpass(90, 260), { kind: "peak", ...presence }];
  }
  // A webcam or a laptop across the desk: boxy, thin.
  if (kind < 0.92) {
    const box = { frequency: random.uniform(350, 1100), q: 1.2, gainDecibels: random.uniform(3, 9) };
    return [highpass(110, 320), { kind: "peak", ...box }];
  }
  // A phone, or a call: the band of speech only.
  return [highpass(180, 330), { kind: "lowpass", frequency: random.uniform(3200, 6800), q: 0.8 }];
}

/** A microphone of a streamer, from a close broadcast microphone to a call on the phone. */
export function drawMicrophone(random: Random): Microphone {
  const filters: Omit<FilterSpec, "sampleRate">[] = [...drawBody(random)];
  const chance = (probability: number) => random.next() < probability;
  for (let band = random.integer(4); band > 0; band--) {
    const frequency = 150 * 2 ** random.uniform(0, 5.2);
    filters.push({ kind: "peak", frequency, q: random.uniform(0.5, 3), gainDecibels: random.uniform(-7, 7) });
  }
  if (chance(0.5)) {
    filters.push({
      kind: "highshelf",
      frequency: random.uniform(1200, 4500),
      gainDecibels: random.uniform(-7, 13),
    });
  }
  if (chance(0.15)) {
    filters.push({ kind: "lowpass", frequency: random.uniform(3000, 7500), q: random.uniform(0.5, 1) });
  }
  // Half of them as streaming programs compress, half as a gain that creeps after the sound.
  const compressor = chance(0.5)
    ? { attack: 0.004, release: 0.12 }
    : { attack: random.uniform(0.02, 0.2), release: random.uniform(0.2, 0.8) };
  return {
    filters,
    ...(chance(0.45) ? { compressor: { ...compressor, amount: random.uniform(0.2, 0.8) } } : {}),
    ...(chance(0.12) ? { gateDecibels: random.uniform(-38, -22) } : {}),
    ...(chance(0.15) ? { suppressionDecibels: random.uniform(-32, -14) } : {}),
    overdriveDecibels: chance(0.2) ? random.uniform(0, 15) : -3,
    clipping: chance(0.5) ? "hard" : "soft",
    noiseDecibels: random.uniform(-58, -23),
    peakDecibels: -random.uniform(0.3, 26),
  };
}

/** The sound as the microphone's owner sends it out; `samples` are changed in place. */
export function applyMicrophone(
  samples: Float32Array,
  microphone: Microphone,
  { random, sampleRate }: { random: Random; sampleRate: number },
): Float32Array {
  for (const filter of microphone.filters) filterInPlace(samples, { ...filter, sampleRate });
  if (microphone.compressor !== undefined) compress(samples, microphone.compressor, sampleRate);
  if (microphone.suppressionDecibels !== undefined) {
    suppressNoise(samples, microphone.suppressionDecibels, sampleRate);
  }
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
