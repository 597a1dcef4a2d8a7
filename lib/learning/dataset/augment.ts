import type { Random } from "lib/base/numbers/random.ts";
import { dbToGain } from "lib/learning/dataset/clip.ts";

/**
 * Plays samples faster (`rate` above 1) or slower, pitch and length together, by linear interpolation.
 *
 * @returns `floor((N - 1) / rate) + 1` samples.
 */
export function changeSpeed(samples: Float32Array, rate: number): Float32Array {
  if (!(rate > 0)) throw new RangeError(`Cannot change the speed: rate must be above 0, is ${rate}`);
  if (samples.length === 0) return samples;
  const length = Math.floor((samples.length - 1) / rate) + 1;
  const out = new Float32Array(length);
  const last = samples.length - 1;
  for (let n = 0; n < length; n++) {
    const at = n * rate;
    const i = Math.floor(at);
    const next = samples[Math.min(last, i + 1)]!;
    out[n] = samples[i]! + (at - i) * (next - samples[i]!);
  }
  return out;
}

/** Tilts the spectrum in place with `y[n] = x[n] + tilt * x[n - 1]`: below 0 brighter, above 0 darker. */
export function tiltSpectrum(samples: Float32Array, tilt: number): void {
  for (let n = samples.length - 1; n > 0; n--) samples[n] = samples[n]! + tilt * samples[n - 1]!;
}

/**
 * One peaking equaliser band in place (Bristow-Johnson, "Cookbook formulae for audio EQ biquad filter
 * coefficients", peakingEQ): the microphones, boxes and codecs that a sound went through.
 */
export function equalise(
  samples: Float32Array,
  sampleRate: number,
  { centre, gainDb, q }: { readonly centre: number; readonly gainDb: number; readonly q: number },
): void {
  const a = 10 ** (gainDb / 40);
  const w = (2 * Math.PI * centre) / sampleRate;
  const alpha = Math.sin(w) / (2 * q);
  const a0 = 1 + alpha / a;
  const b0 = (1 + alpha * a) / a0;
  const b1 = (-2 * Math.cos(w)) / a0;
  const b2 = (1 - alpha * a) / a0;
  const a2 = (1 - alpha / a) / a0;
  let x1 = 0, x2 = 0, y1 = 0, y2 = 0;
  for (let n = 0; n < samples.length; n++) {
    const x = samples[n]!;
    const y = b0 * x + b1 * x1 + b2 * x2 - b1 * y1 - a2 * y2;
    x2 = x1;
    x1 = x;
    y2 = y1;
    y1 = y;
    samples[n] = y;
  }
}

/**
 * Reverberation by velvet noise: sparse impulses of random sign under an exponential decay, which sounds as
 * dense as white noise at a hundredth of its cost (Karjalainen and Järveläinen, 2007).
 *
 * @returns The sound with its tail, `N + decay` samples; the direct sound stays where it was.
 */
export function addReverberation(
  samples: Float32Array,
  sampleRate: number,
  { decay, wetDb, random }: {
    /** Time until the reverberation has fallen by 60 dB, in seconds. */
    readonly decay: number;
    /** Energy of the reverberation relative to the direct sound, in dB. */
    readonly wetDb: number;
    readonly random: Random;
  },
): Float32Array {
  const tail = Math.round(decay * sampleRate);
  // Impulses a second.
  const density = 400;
  const taps = Math.max(8, Math.round(decay * density));
  const out = new Float32Array(samples.length + tail);
  out.set(samples);
  const spacing = tail / taps;
  const gains = new Float64Array(taps);
  const delays = new Int32Array(taps);
  let energy = 0;
  for (let k = 0; k < taps; k++) {
    const delay = Math.min(tail - 1, Math.floor((k + random.next()) * spacing));
    delays[k] = delay;
    gains[k] = (random.next() < 0.5 ? -1 : 1) * 10 ** ((-3 * delay) / tail);
    energy += gains[k]! * gains[k]!;
  }
  const scale = dbToGain(wetDb) / Math.sqrt(energy);
  for (let k = 0; k < taps; k++) {
    const gain = gains[k]! * scale;
    const delay = delays[k]!;
    for (let n = 0; n < samples.length; n++) out[n + delay] = out[n + delay]! + gain * samples[n]!;
  }
  return out;
}
