import type { Random } from "lib/base/numbers/random.ts";
import { filterInPlace } from "lib/learning/synthesis/biquad.ts";
import { drawCurve, drawWander, multiplyBy } from "lib/learning/synthesis/curve.ts";
import { mixInto, scaleToPeak } from "lib/learning/synthesis/level.ts";
import { createPinkNoise, whiteNoise } from "lib/learning/synthesis/noise.ts";

interface Rate {
  readonly sampleRate: number;
}

/** One to eight shots of one weapon: a crack, a body, an echo. */
export function synthesizeShots(random: Random, { sampleRate }: Rate): Float32Array {
  const shots = 1 + random.integer(8), pause = random.uniform(0.07, 0.35);
  const decay = random.uniform(0.02, 0.12), corner = random.uniform(800, 6000);
  const samples = new Float32Array(Math.round((shots * pause + 6 * decay) * sampleRate));
  const shot = whiteNoise(random, Math.round(6 * decay * sampleRate));
  const thump = 2 * Math.PI * random.uniform(50, 160) / sampleRate, thumpLevel = random.uniform(0, 0.8);
  for (let n = 0; n < shot.length; n++) {
    const level = Math.exp(-n / (decay * sampleRate));
    shot[n] = level * (shot[n]! + thumpLevel * Math.sin(thump * n));
  }
  filterInPlace(shot, { kind: "lowpass", frequency: corner, sampleRate });
  for (let i = 0; i < shots; i++) {
    mixInto(samples, shot, Math.round(i * pause * sampleRate), random.uniform(0.7, 1));
  }
  return scaleToPeak(samples, 0.9);
}

/** An explosion: low noise that rumbles away and darkens. */
export function synthesizeExplosion(random: Random, { sampleRate }: Rate): Float32Array {
  const seconds = random.uniform(0.7, 3), length = Math.round(seconds * sampleRate);
  const pink = createPinkNoise(random);
  const samples = Float32Array.from({ length }, pink);
  const bright = filterInPlace(samples.slice(), { kind: "highpass", frequency: 700, sampleRate });
  filterInPlace(samples, { kind: "lowpass", frequency: random.uniform(120, 500), sampleRate });
  multiplyBy(samples, drawWander(random, { length, sampleRate, low: 0.4, high: 1, changesPerSecond: 14 }));
  for (let n = 0; n < length; n++) {
    const time = n / sampleRate;
    samples[n] = samples[n]! * Math.exp(-2.5 * time / seconds) +
      0.7 * bright[n]! * Math.exp(-12 * time / seconds);
    samples[n] = Math.tanh(2 * samples[n]! * Math.min(1, time / 0.006));
  }
  multiplyBy(samples, drawCurve([[0, 1], [0.8 * seconds, 1], [seconds, 0]], { length, sampleRate }));
  return scaleToPeak(samples, 0.9);
}

/** An engine: perfectly even strokes with a few strong orders, revving up and down. */
export function synthesizeEngine(random: Random, { sampleRate }: Rate): Float32Array {
  const seconds = random.uniform(0.8, 4), length = Math.round(seconds * sampleRate);
  const low = random.uniform(22, 70);
  const rate = drawWander(random, {
    length,
    sampleRate,
    low,
    high: low * random.uniform(1.1, 3),
    changesPerSecond: 1,
  });
  const orders = Array.from({ length: 12 }, (_, order) => random.uniform(0.2, 1) / (1 + 0.35 * order));
  const pink = createPinkNoise(random), noiseLevel = random.uniform(0.05, 0.5);
  const samples = new Float32Array(length);
  let phase = 0;
  for (let n = 0; n < length; n++) {
    phase = (phase + rate[n]! / sampleRate) % 1;
    // Chebyshev's recurrence gives all orders from one cosine.
    const twice = 2 * Math.cos(2 * Math.PI * phase);
    let previous = 0, sine = Math.sin(2 * Math.PI * phase), sum = 0;
    for (const level of orders) {
      sum += level * sine;
      const next = twice * sine - previous;
      previous = sine;
      sine = next;
    }
    samples[n] = Math.tanh(0.5 * sum) + noiseLevel * pink();
  }
  filterInPlace(samples, { kind: "lowpass", frequency: random.uniform(500, 2500), sampleRate });
  multiplyBy(
    samples,
    drawCurve([[0, 0], [0.2, 1], [seconds - 0.2, 1], [seconds, 0]], { length, sampleRate }),
  );
  return scaleToPeak(samples, 0.9);
}

/** Beeps and jingles of menus, coins and alerts: steps or slides of a simple waveform. */
export function synthesizeBeeps(random: Random, { sampleRate }: Rate): Float32Array {
  const notes = 1 + random.integer(6), seconds = random.uniform(0.05, 0.25);
  const samples = new Float32Array(Math.round((notes * seconds + 0.02) * sampleRate));
  const square = random.next() < 0.5, slide = random.uniform(-1, 1) * (random.next() < 0.4 ? 1 : 0);
  let hertz = 150 * 2 ** random.uniform(0, 4), phase = 0;
  for (let note = 0; note < notes; note++) {
    const start = Math.round(note * seconds * sampleRate), length = Math.round(seconds * sampleRate);
    for (let n = 0; n < length; n++) {
      phase += hertz * 2 ** (slide * n / length) / sampleRate;
      const wave = Math.sin(2 * Math.PI * phase);
      samples[start + n] = (square ? Math.tanh(6 * wave) : wave) * Math.exp(-2.5 * n / length) *
        Math.min(1, n / 40);
    }
    hertz *= 2 ** (random.integer(15) / 12 - 0.5);
  }
  return scaleToPeak(samples, 0.9);
}
