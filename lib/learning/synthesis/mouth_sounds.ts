import type { Random } from "lib/base/numbers/random.ts";
import { filterInPlace } from "lib/learning/synthesis/biquad.ts";
import { drawCurve, drawWander, multiplyBy } from "lib/learning/synthesis/curve.ts";
import { mixInto, scaleToPeak } from "lib/learning/synthesis/level.ts";
import { whiteNoise } from "lib/learning/synthesis/noise.ts";
import { synthesizeBubble, synthesizeGulp } from "lib/learning/synthesis/throat_noises.ts";

interface Rate {
  readonly sampleRate: number;
}

/** Drinking: gulps in an even rhythm, now and then a slurp before them. */
export function synthesizeDrinking(random: Random, rate: Rate): Float32Array {
  const { sampleRate } = rate;
  const slurp = random.next() < 0.5 ? synthesizeSlurp(random, rate) : new Float32Array(0);
  const gulps = 1 + random.integer(4), pause = random.uniform(0.35, 0.8);
  const start = slurp.length / sampleRate + random.uniform(0, 0.3);
  const samples = new Float32Array(Math.round((start + (gulps - 1) * pause + 0.4) * sampleRate));
  mixInto(samples, slurp, 0, random.uniform(0.2, 0.9));
  for (let i = 0; i < gulps; i++) {
    const gulp = scaleToPeak(synthesizeGulp(random, rate), random.uniform(0.5, 0.9));
    mixInto(samples, gulp, Math.round((start + i * pause) * sampleRate));
  }
  return scaleToPeak(samples, 0.9);
}

/** Liquid drawn in between the lips: hissing air that flutters, with bubbles. */
function synthesizeSlurp(random: Random, rate: Rate): Float32Array {
  const { sampleRate } = rate;
  const seconds = random.uniform(0.25, 0.9), length = Math.round(seconds * sampleRate);
  const samples = whiteNoise(random, length);
  filterInPlace(samples, { kind: "bandpass", frequency: random.uniform(900, 3500), q: 0.8, sampleRate });
  multiplyBy(samples, drawWander(random, { length, sampleRate, low: 0, high: 1, changesPerSecond: 45 }));
  for (let count = Math.round(random.uniform(10, 40) * seconds); count > 0; count--) {
    mixInto(samples, synthesizeBubble(random, rate), random.integer(length), random.uniform(0.1, 0.7));
  }
  const swell = drawCurve([[0, 0], [0.7 * seconds, 1], [seconds, 0]], { length, sampleRate });
  return scaleToPeak(multiplyBy(samples, swell), 0.9);
}

/** Eating: crunches of many small cracks that grow duller bite by bite, or smacking lips. */
export function synthesizeChewing(random: Random, rate: Rate): Float32Array {
  const { sampleRate } = rate;
  const bites = 2 + random.integer(5), pause = random.uniform(0.3, 0.6);
  const samples = new Float32Array(Math.round((bites * pause + 0.2) * sampleRate));
  const crunchy = random.next() < 0.6;
  for (let bite = 0; bite < bites; bite++) {
    const seconds = random.uniform(0.08, 0.25);
    const cracks = crunchy ? 6 + random.integer(40) : 1 + random.integer(4);
    const piece = new Float32Array(Math.round(seconds * sampleRate));
    for (let i = 0; i < cracks; i++) {
      const crack = whiteNoise(random, Math.round(random.uniform(0.002, 0.012) * sampleRate));
      for (let n = 0; n < crack.length; n++) crack[n]! *= Math.exp(-5 * n / crack.length);
      mixInto(piece, crack, random.integer(piece.length), random.uniform(0.1, 1));
      if (!crunchy) mixInto(piece, synthesizeBubble(random, rate), random.integer(piece.length), 0.8);
    }
    const corner = random.uniform(900, 5000) / (1 + 0.2 * bite);
    filterInPlace(piece, { kind: "lowpass", frequency: corner, q: random.uniform(0.5, 1.5), sampleRate });
    mixInto(samples, piece, Math.round((0.02 + bite * pause) * sampleRate), random.uniform(0.5, 1));
  }
  return scaleToPeak(samples, 0.9);
}
