import type { Random } from "lib/base/numbers/random.ts";
import { filterInPlace } from "lib/learning/synthesis/biquad.ts";
import { type CurvePoint, drawCurve, drawWander, multiplyBy } from "lib/learning/synthesis/curve.ts";
import { mixInto, rootMeanSquare, scaleToPeak } from "lib/learning/synthesis/level.ts";
import { createPinkNoise } from "lib/learning/synthesis/noise.ts";
import { createPulseSource } from "lib/learning/synthesis/pulse_source.ts";

interface Rate {
  readonly sampleRate: number;
}

/**
 * A motor that runs on: helicopter, lorry, saw, drill, fan, vacuum cleaner. Strokes with hardly any jitter ring in a few
 * fixed resonances over noise that comes in the same rhythm. Low, rough and periodic as a burp, it neither starts nor
 * moves as a throat does.
 */
export function synthesizeMotor(random: Random, { sampleRate }: Rate): Float32Array {
  const seconds = random.uniform(1, 4.5), length = Math.round(seconds * sampleRate);
  const low = 11 * 2 ** random.uniform(0, 4.3), unrest = random.pick([1.01, 1.04, 1.25]);
  const rate = drawWander(random, { length, sampleRate, low, high: low * unrest, changesPerSecond: 2 });
  const { samples, opening } = createPulseSource(random, {
    sampleRate,
    rate,
    jitter: random.uniform(0.001, 0.02),
    shimmer: random.uniform(0.02, 0.2),
    openMs: random.uniform(1, 6),
    returnMs: random.uniform(0.2, 3),
  });
  const out = new Float32Array(length);
  for (let mode = 1 + random.integer(5); mode > 0; mode--) {
    const frequency = 90 * 2 ** random.uniform(0, 5);
    const part = filterInPlace(samples.slice(), {
      kind: "bandpass",
      frequency,
      q: random.uniform(0.8, 12),
      sampleRate,
    });
    mixInto(out, part, 0, random.uniform(0.2, 1) / (rootMeanSquare(part) || 1));
  }
  const pink = createPinkNoise(random), modulation = random.uniform(0, 1);
  const noise = Float32Array.from(
    { length },
    (_, n) => pink() * (1 - modulation + 2 * modulation * opening[n]!),
  );
  filterInPlace(noise, { kind: "lowpass", frequency: 400 * 2 ** random.uniform(0, 4), q: 0.5, sampleRate });
  mixInto(out, noise, 0, random.uniform(0.1, 2) * rootMeanSquare(out) / (rootMeanSquare(noise) || 1));
  return scaleToPeak(multiplyBy(out, drawCurve(drawRun(random, seconds), { length, sampleRate })), 0.9);
}

/** Loudness of something that was running, passes by, or is switched on and off. */
function drawRun(random: Random, seconds: number): CurvePoint[] {
  const drawFade = () => random.next() < 0.5 ? 0.01 : random.uniform(0.1, 0.4) * seconds;
  const fadeIn = drawFade(), fadeOut = drawFade();
  const middle = random.uniform(fadeIn, seconds - fadeOut);
  return [
    [0, 0],
    [fadeIn, random.uniform(0.3, 1)],
    [middle, 1],
    [seconds - fadeOut, random.uniform(0.3, 1)],
    [
      seconds,
      0,
    ],
  ];
}

/** A telephone that rings or shakes on the desk, a buzzer at a door: even bursts of a comb of frequencies. */
export function synthesizeBuzzer(random: Random, { sampleRate }: Rate): Float32Array {
  const burst = random.uniform(0.15, 1.2), pause = random.uniform(0.1, 0.8);
  const bursts = burst > 0.7 ? 1 + random.integer(2) : 1 + random.integer(3);
  const length = Math.round((bursts * burst + (bursts - 1) * pause) * sampleRate);
  const hertz = random.pick([random.uniform(15, 40), random.uniform(80, 220), random.uniform(220, 600)]);
  const { samples } = createPulseSource(random, {
    sampleRate,
    rate: new Float32Array(length).fill(hertz),
    jitter: 0.002,
    shimmer: random.uniform(0.01, 0.3),
    openMs: random.uniform(0.3, 3),
    returnMs: 0.1,
  });
  const out = new Float32Array(length);
  for (let mode = 2 + random.integer(4); mode > 0; mode--) {
    const frequency = 150 * 2 ** random.uniform(0, 5);
    const part = filterInPlace(samples.slice(), {
      kind: "bandpass",
      frequency,
      q: random.uniform(2, 30),
      sampleRate,
    });
    mixInto(out, scaleToPeak(part, random.uniform(0.2, 1)), 0);
  }
  const gate: CurvePoint[] = [[0, 0]];
  for (let i = 0; i < bursts; i++) {
    const start = i * (burst + pause);
    gate.push([start, 0], [start + 0.008, 1], [start + burst - 0.01, 1], [start + burst, 0]);
  }
  return scaleToPeak(multiplyBy(out, drawCurve(gate, { length, sampleRate })), 0.9);
}
