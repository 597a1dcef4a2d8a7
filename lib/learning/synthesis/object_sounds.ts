import type { Random } from "lib/base/numbers/random.ts";
import { filterInPlace } from "lib/learning/synthesis/biquad.ts";
import { drawCurve, drawWander, multiplyBy } from "lib/learning/synthesis/curve.ts";
import { mixInto, scaleToPeak } from "lib/learning/synthesis/level.ts";
import { whiteNoise } from "lib/learning/synthesis/noise.ts";
import { createPulseSource } from "lib/learning/synthesis/pulse_source.ts";
import { synthesizePop } from "lib/learning/synthesis/throat_noises.ts";

interface Rate {
  readonly sampleRate: number;
}

/** What is struck: decaying sines of irregular frequencies over a click. */
interface Strike extends Rate {
  /** Lowest mode, in Hz. */
  readonly frequency: number;
  readonly modes: number;
  /** Time in which the lowest mode falls to a third, in seconds. */
  readonly decay: number;
  /** Level of the click's noise relative to the modes. */
  readonly noise: number;
}

/** Something struck: from a key's clack to a glass. */
function synthesizeStrike(random: Random, strike: Strike): Float32Array {
  const { sampleRate, frequency, modes, decay, noise } = strike;
  const samples = whiteNoise(random, Math.round(Math.min(2, 6 * decay + 0.02) * sampleRate));
  const noiseDecay = Math.exp(-1 / (Math.min(decay, 0.012) * sampleRate));
  let level = noise;
  for (let n = 0; n < samples.length; n++) {
    samples[n]! *= level;
    level *= noiseDecay;
  }
  for (let mode = 0; mode < modes; mode++) {
    const hertz = frequency * (1 + mode * random.uniform(0.5, 1.4));
    if (hertz > 0.45 * sampleRate) continue;
    // A decaying sine as a rotation: two products a sample.
    const shrink = Math.exp(-(1 + 0.5 * mode) / (decay * sampleRate));
    const c = shrink * Math.cos(2 * Math.PI * hertz / sampleRate),
      s = shrink * Math.sin(2 * Math.PI * hertz / sampleRate);
    let x = random.uniform(0.3, 1), y = 0;
    for (let n = 0; n < samples.length; n++) {
      samples[n]! += y;
      const next = c * x - s * y;
      y = s * x + c * y;
      x = next;
    }
  }
  return scaleToPeak(samples, 0.9);
}

/** Typing, or a mouse: clicks in an irregular rhythm, each key with its own sound. */
export function synthesizeKeyboard(random: Random, { sampleRate }: Rate): Float32Array {
  const samples = new Float32Array(Math.round(random.uniform(0.4, 3) * sampleRate));
  const keysPerSecond = random.uniform(3, 12), body = random.uniform(500, 2500);
  for (let time = 0.02; time < samples.length / sampleRate - 0.05;) {
    const down = synthesizeStrike(random, {
      sampleRate,
      frequency: body * random.uniform(0.8, 1.25),
      modes: 3,
      decay: random.uniform(0.003, 0.012),
      noise: random.uniform(0.3, 1.5),
    });
    const at = Math.round(time * sampleRate);
    mixInto(samples, down, at, random.uniform(0.4, 1));
    mixInto(
      samples,
      down,
      at + Math.round(random.uniform(0.05, 0.11) * sampleRate),
      random.uniform(0.1, 0.4),
    );
    time += random.uniform(0.4, 1.6) / keysPerSecond;
  }
  return scaleToPeak(samples, 0.9);
}

/** Knocks, clinks, things put down on the desk. */
export function synthesizeKnocks(random: Random, { sampleRate }: Rate): Float32Array {
  const glass = random.next() < 0.4;
  const samples = new Float32Array(Math.round(random.uniform(0.4, 1.6) * sampleRate));
  const frequency = glass ? random.uniform(1200, 3500) : random.uniform(90, 500);
  for (let count = 1 + random.integer(5); count > 0; count--) {
    const strike = synthesizeStrike(random, {
      sampleRate,
      frequency,
      modes: 5,
      decay: glass ? random.uniform(0.05, 0.4) : random.uniform(0.01, 0.05),
      noise: random.uniform(0.1, 0.8),
    });
    mixInto(samples, strike, random.integer(samples.length), random.uniform(0.3, 1));
  }
  return scaleToPeak(samples, 0.9);
}

/** Pops of lips and plosives, and bumps against the microphone's arm. */
export function synthesizeBumps(random: Random, rate: Rate): Float32Array {
  const samples = new Float32Array(Math.round(random.uniform(0.2, 1.2) * rate.sampleRate));
  for (let count = 1 + random.integer(5); count > 0; count--) {
    mixInto(samples, synthesizePop(random, rate), random.integer(samples.length), random.uniform(0.3, 1));
  }
  if (random.next() < 0.5) {
    filterInPlace(samples, {
      kind: "lowpass",
      frequency: random.uniform(100, 400),
      sampleRate: rate.sampleRate,
    });
  }
  return scaleToPeak(samples, 0.9);
}

/** A chair or a door: wood that sticks and slips, in narrow resonances without a throat's formants. */
export function synthesizeCreak(random: Random, { sampleRate }: Rate): Float32Array {
  const seconds = random.uniform(0.25, 1.6), length = Math.round(seconds * sampleRate);
  const rate = drawWander(random, {
    length,
    sampleRate,
    low: 20,
    high: random.uniform(80, 500),
    changesPerSecond: 3,
  });
  const { samples } = createPulseSource(random, {
    sampleRate,
    rate,
    jitter: 0.06,
    shimmer: 0.4,
    dropChance: 0.1,
    openMs: 0.5,
    returnMs: 0.1,
  });
  const out = new Float32Array(length);
  for (let mode = 0; mode < 4; mode++) {
    const part = filterInPlace(samples.slice(), {
      kind: "bandpass",
      frequency: random.uniform(500, 4500),
      q: random.uniform(8, 40),
      sampleRate,
    });
    mixInto(out, scaleToPeak(part, random.uniform(0.2, 1)), 0);
  }
  multiplyBy(
    out,
    drawCurve([[0, 0], [0.3 * seconds, 1], [0.8 * seconds, 0.7], [seconds, 0]], { length, sampleRate }),
  );
  return scaleToPeak(out, 0.9);
}
