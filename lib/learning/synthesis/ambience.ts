import type { Random } from "lib/base/numbers/random.ts";
import { createFilter, type FilterSpec } from "lib/learning/synthesis/biquad.ts";
import { createNoise, createPinkNoise } from "lib/learning/synthesis/noise.ts";
import type { SoundSource } from "lib/learning/synthesis/sound_source.ts";

interface Rate {
  readonly sampleRate: number;
}

/** A level that drifts from target to target, for sources without end. */
function createDrift(
  random: Random,
  { low, high, seconds, sampleRate }: Rate & { low: number; high: number; seconds: number },
): () => number {
  let value = random.uniform(low, high), step = 0, left = 0;
  return () => {
    if (left <= 0) {
      left = Math.round(random.uniform(0.5, 1.5) * seconds * sampleRate);
      step = (random.uniform(low, high) - value) / left;
    }
    left--;
    value += step;
    return value;
  };
}

function filteredSource(next: () => number, specs: readonly FilterSpec[]): SoundSource {
  const filters = specs.map(createFilter);
  return {
    render(length) {
      const block = new Float32Array(length);
      for (let n = 0; n < length; n++) block[n] = next();
      for (const filter of filters) filter.process(block);
      return block;
    },
  };
}

/** Rain: a steady hiss with drops on something near. */
export function createRain(random: Random, { sampleRate }: Rate): SoundSource {
  const noise = createNoise(random);
  const dropChance = random.uniform(5, 60) / sampleRate, dropDecay = Math.exp(-1 / (0.0015 * sampleRate));
  let drop = 0;
  const next = () => {
    drop = random.next() < dropChance ? random.uniform(0.5, 2) : drop * dropDecay;
    return (0.25 + drop) * noise();
  };
  return filteredSource(next, [
    { kind: "highpass", frequency: random.uniform(300, 1200), sampleRate },
    { kind: "lowpass", frequency: random.uniform(3500, 7500), sampleRate },
  ]);
}

/** Wind, or a fan: low noise that swells; the fan keeps still. */
export function createWind(random: Random, { sampleRate }: Rate): SoundSource {
  const pink = createPinkNoise(random);
  const still = random.next() < 0.4;
  const swell = createDrift(random, { low: still ? 0.8 : 0.1, high: 1, seconds: 1.2, sampleRate });
  return filteredSource(() => swell() * pink(), [
    { kind: "lowpass", frequency: random.uniform(200, 1200), q: random.uniform(0.5, 2), sampleRate },
  ]);
}

/** Applause of a few or of many: claps as short bursts of noise at random times. */
export function createApplause(random: Random, { sampleRate }: Rate): SoundSource {
  const noise = createNoise(random);
  const chance = random.uniform(15, 250) / sampleRate, decay = Math.exp(-1 / (0.004 * sampleRate));
  let level = 0;
  const next = () => {
    level *= decay;
    if (random.next() < chance) level += random.uniform(0.2, 1);
    return level * noise();
  };
  return filteredSource(next, [
    { kind: "bandpass", frequency: random.uniform(900, 2000), q: 0.6, sampleRate },
  ]);
}

/** Mains hum with its harmonics, as of a bad cable. */
export function createBuzz(random: Random, { sampleRate }: Rate): SoundSource {
  const step = random.pick([50, 60]) * 2 / sampleRate;
  const sharpness = random.uniform(1, 12), noise = createNoise(random);
  let phase = 0;
  const next = () => {
    phase += step;
    if (phase >= 1) phase -= 1;
    return Math.tanh(sharpness * Math.sin(2 * Math.PI * phase)) * (0.5 + 0.5 * phase) + 0.02 * noise();
  };
  return filteredSource(next, [
    { kind: "highpass", frequency: 60, sampleRate },
    { kind: "lowpass", frequency: random.uniform(400, 5000), sampleRate },
  ]);
}

/** A crowd: noise in the bands of speech, with the rhythm of many syllables. */
export function createCrowd(random: Random, { sampleRate }: Rate): SoundSource {
  const pink = createPinkNoise(random);
  const first = createDrift(random, { low: 0.3, high: 1, seconds: 0.12, sampleRate });
  const second = createDrift(random, { low: 0.5, high: 1, seconds: 2, sampleRate });
  return filteredSource(() => first() * second() * pink(), [
    { kind: "peak", frequency: random.uniform(400, 700), q: 1, gainDecibels: 9, sampleRate },
    { kind: "peak", frequency: random.uniform(1000, 1800), q: 1, gainDecibels: 6, sampleRate },
    { kind: "highpass", frequency: 150, sampleRate },
    { kind: "lowpass", frequency: 3500, sampleRate },
  ]);
}
