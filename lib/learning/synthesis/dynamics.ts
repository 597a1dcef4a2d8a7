import { filterInPlace } from "lib/learning/synthesis/biquad.ts";
import { decibelsToRatio, peakOf } from "lib/learning/synthesis/level.ts";

/** A compressor; with a slow attack it is the automatic gain of webcams and phones, which lets a start through. */
export interface Compressor {
  /** How much of the range above the threshold it takes away, from 0 to 1. */
  readonly amount: number;
  /** Time constants, in seconds. */
  readonly attack: number;
  readonly release: number;
}

/** Compresses what is louder than 24 dB below the peak, in place. */
export function compress(
  samples: Float32Array,
  { amount, attack, release }: Compressor,
  sampleRate: number,
): void {
  const threshold = peakOf(samples) * decibelsToRatio(-24);
  if (threshold === 0) return;
  const keepRising = Math.exp(-1 / (attack * sampleRate)),
    keepFalling = Math.exp(-1 / (release * sampleRate));
  // The gain is renewed every eighth sample: it changes slowly, and the power is the costly part.
  let level = 0, gain = 1;
  for (let n = 0; n < samples.length; n++) {
    const magnitude = Math.abs(samples[n]!);
    const keep = magnitude > level ? keepRising : keepFalling;
    level = magnitude + keep * (level - magnitude);
    if ((n & 7) === 0) gain = level > threshold ? (threshold / level) ** amount : 1;
    samples[n]! *= gain;
  }
}

/**
 * Noise gate, in place: opens in 3 ms where the sound is above `decibels` relative to its peak, holds for 60 ms, closes
 * in 30 ms.
 */
export function gate(samples: Float32Array, decibels: number, sampleRate: number): void {
  const threshold = peakOf(samples) * decibelsToRatio(decibels);
  const opening = 1 - Math.exp(-1 / (0.003 * sampleRate)), closing = 1 - Math.exp(-1 / (0.03 * sampleRate));
  let gain = 0, hold = 0;
  for (let n = 0; n < samples.length; n++) {
    hold = Math.abs(samples[n]!) > threshold ? 0.06 * sampleRate : hold - 1;
    gain += hold > 0 ? opening * (1 - gain) : -closing * gain;
    samples[n]! *= gain;
  }
}

const BAND_EDGES = [450, 1300, 3200] as const;

/**
 * The noise suppression of calls and streaming programs, in place: a gate in each of four bands, so that what is soft in
 * a band is swallowed there. Bands are differences of low-passes: where all gates are open the sound is as before.
 *
 * @param decibels Level below which a band is swallowed, relative to its own peak.
 */
export function suppressNoise(samples: Float32Array, decibels: number, sampleRate: number): void {
  const rest = samples.slice();
  samples.fill(0);
  const addGated = (band: Float32Array) => {
    gate(band, decibels, sampleRate);
    for (let n = 0; n < samples.length; n++) samples[n]! += band[n]!;
  };
  for (const frequency of BAND_EDGES) {
    const band = filterInPlace(rest.slice(), { kind: "lowpass", frequency, q: 0.5, sampleRate });
    for (let n = 0; n < rest.length; n++) rest[n]! -= band[n]!;
    addGated(band);
  }
  addGated(rest);
}
