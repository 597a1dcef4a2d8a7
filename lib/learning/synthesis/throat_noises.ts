import type { Random } from "lib/base/numbers/random.ts";
import { filterInPlace } from "lib/learning/synthesis/biquad.ts";
import { drawCurve, multiplyBy } from "lib/learning/synthesis/curve.ts";
import { mixInto } from "lib/learning/synthesis/level.ts";
import { whiteNoise } from "lib/learning/synthesis/noise.ts";

interface Rate {
  readonly sampleRate: number;
}

/** A bubble of air in liquid: a sine that rises and dies within tens of milliseconds (M. Minnaert, 1933). */
export function synthesizeBubble(random: Random, { sampleRate }: Rate): Float32Array {
  const length = Math.round(random.uniform(0.015, 0.06) * sampleRate);
  const samples = new Float32Array(length);
  const from = random.uniform(180, 900);
  const rise = from * random.uniform(0.2, 1.5) / length;
  const decay = Math.exp(-random.uniform(3, 7) / length);
  let phase = 0, amplitude = 1;
  for (let n = 0; n < length; n++) {
    phase += 2 * Math.PI * (from + rise * n) / sampleRate;
    amplitude *= decay;
    samples[n] = amplitude * Math.sin(phase) * Math.min(1, n / 12);
  }
  return samples;
}

/** Lips or valve that open under pressure: a thump of a few milliseconds with a click of noise. */
export function synthesizePop(random: Random, { sampleRate }: Rate): Float32Array {
  const length = Math.round(random.uniform(0.02, 0.08) * sampleRate);
  const samples = whiteNoise(random, length);
  const clickDecay = Math.exp(-1 / (random.uniform(0.001, 0.006) * sampleRate));
  const thumpDecay = Math.exp(-1 / (random.uniform(0.006, 0.02) * sampleRate));
  const omega = 2 * Math.PI * random.uniform(70, 320) / sampleRate;
  const clickLevel = random.uniform(0.05, 0.5);
  let click = 1, thump = 1;
  for (let n = 0; n < length; n++) {
    samples[n] = clickLevel * click * samples[n]! + thump * Math.sin(omega * n);
    click *= clickDecay;
    thump *= thumpDecay;
  }
  return samples;
}

/** Air drawn down before the burp: two or three dull thumps and a squelch. */
export function synthesizeGulp(random: Random, rate: Rate): Float32Array {
  const { sampleRate } = rate;
  const samples = new Float32Array(Math.round(random.uniform(0.12, 0.3) * sampleRate));
  for (let i = 1 + random.integer(3); i > 0; i--) {
    mixInto(
      samples,
      synthesizePop(random, rate),
      random.integer(samples.length >> 1),
      random.uniform(0.4, 1),
    );
    mixInto(
      samples,
      synthesizeBubble(random, rate),
      random.integer(samples.length),
      random.uniform(0.2, 0.8),
    );
  }
  return filterInPlace(samples, { kind: "lowpass", frequency: random.uniform(400, 1500), sampleRate });
}

/** An exhalation through the open mouth: noise with one or two broad humps. */
export function synthesizeBreath(
  random: Random,
  { seconds, sampleRate }: Rate & { seconds: number },
): Float32Array {
  const samples = whiteNoise(random, Math.round(seconds * sampleRate));
  filterInPlace(samples, {
    kind: "lowpass",
    frequency: random.uniform(900, 3500),
    q: random.uniform(0.5, 1.2),
    sampleRate,
  });
  filterInPlace(samples, { kind: "highpass", frequency: random.uniform(100, 500), sampleRate });
  filterInPlace(samples, {
    kind: "peak",
    frequency: random.uniform(500, 2200),
    q: 1.5,
    gainDecibels: random.uniform(3, 12),
    sampleRate,
  });
  const top = random.uniform(0.15, 0.5) * seconds;
  return multiplyBy(
    samples,
    drawCurve([[0, 0], [top, 1], [seconds, 0]], { length: samples.length, sampleRate }),
  );
}
