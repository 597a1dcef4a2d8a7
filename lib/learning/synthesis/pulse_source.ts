import type { Random } from "lib/base/numbers/random.ts";

/** How a pulse train behaves; the defaults are a steady, healthy voice. */
interface PulseSourceOptions {
  readonly sampleRate: number;
  /** Pulses per second, for each sample. */
  readonly rate: Float32Array;
  /** Standard deviation of a period, relative to it. */
  readonly jitter?: number;
  /** Standard deviation of the logarithm of a pulse's amplitude. */
  readonly shimmer?: number;
  /** How far the period follows a logistic map, from 0 to 1: doubled periods and chaos instead of mere randomness. */
  readonly chaosDepth?: number;
  /** Growth of the logistic map: 3 to 3.45 doubles the period, above 3.57 is chaos. */
  readonly chaosGrowth?: number;
  /** Probability that a pulse fails. */
  readonly dropChance?: number;
  /** Every `subharmonic`-th pulse keeps its full amplitude, the others lose `subharmonicDepth` of it; 1 for none. */
  readonly subharmonic?: number;
  readonly subharmonicDepth?: number;
  /** Time that the valve stays open in a pulse, in milliseconds. */
  readonly openMs?: number;
  /** Time constant of the closing, in milliseconds: the longer, the duller. */
  readonly returnMs?: number;
}

/** A pulse train and how far the valve is open, from 0 to 1, for each sample. */
export interface PulseSource {
  readonly samples: Float32Array;
  readonly opening: Float32Array;
}

/**
 * Flow derivative of a valve of tissue that is blown open again and again: a slow opening, a fast closing that excites
 * the tract, an exponential return (a polynomial pulse as A. E. Rosenberg's, J. Acoust. Soc. Am. 49, 1971, with the return
 * phase of the model of Liljencrants and Fant). Larynx and oesophagus differ in regularity, rate and damping only.
 */
export function createPulseSource(random: Random, options: PulseSourceOptions): PulseSource {
  const { sampleRate, rate, jitter = 0.01, shimmer = 0.03, chaosDepth = 0, chaosGrowth = 3.7 } = options;
  const { dropChance = 0, subharmonic = 1, subharmonicDepth = 0, openMs = 4, returnMs = 0.15 } = options;
  const samples = new Float32Array(rate.length);
  const opening = new Float32Array(rate.length);
  const returnSamples = Math.max(0.3, returnMs * sampleRate / 1000);
  const returnDecay = Math.exp(-1 / returnSamples);
  let chaos = random.uniform(0.2, 0.8);
  let count = random.integer(8);
  let phase = random.next();
  let increment = 0, amplitude = 0, peak = 0, open = 0.5, rise = 0.3, tail = 0;
  const startPulse = (n: number) => {
    count++;
    chaos = chaosGrowth * chaos * (1 - chaos);
    const period = Math.exp(jitter * random.normal() + chaosDepth * (chaos - 0.6));
    const hertz = Math.max(5, rate[n]! / Math.max(0.2, period));
    increment = hertz / sampleRate;
    amplitude = random.next() < dropChance
      ? 0.05
      : Math.exp(shimmer * random.normal()) * (1 - 0.6 * chaosDepth * chaos);
    if (subharmonic > 1 && count % subharmonic !== 0) amplitude *= 1 - subharmonicDepth;
    open = Math.min(0.85, Math.max(0.08, openMs * hertz / 1000));
    rise = 0.68 * open;
    // As much flow is gained while opening as is lost while closing.
    peak = 4 * amplitude * (open - rise) / rise;
  };
  startPulse(0);
  for (let n = 0; n < rate.length; n++) {
    if (phase < rise) {
      const u = phase / rise;
      samples[n] = peak * u * (1 - u);
      opening[n] = u * u * (3 - 2 * u);
    } else if (phase < open) {
      const u = (phase - rise) / (open - rise);
      tail = -amplitude * u * (2 - u);
      samples[n] = tail;
      opening[n] = 1 - u * u * (1.5 - 0.5 * u);
    } else {
      tail *= returnDecay;
      samples[n] = tail;
    }
    phase += increment;
    if (phase >= 1) {
      phase -= Math.floor(phase);
      startPulse(n);
    }
  }
  return { samples, opening };
}
