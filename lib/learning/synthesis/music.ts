import type { Random } from "lib/base/numbers/random.ts";
import { filterInPlace } from "lib/learning/synthesis/biquad.ts";
import { scaleToPeak } from "lib/learning/synthesis/level.ts";
import { whiteNoise } from "lib/learning/synthesis/noise.ts";
import { SoundQueue, type SoundSource } from "lib/learning/synthesis/sound_source.ts";

const STEPS_PER_BAR = 16;
const SCALES = [[0, 2, 3, 5, 7, 8, 10], [0, 2, 4, 5, 7, 9, 11], [0, 2, 3, 5, 7, 9, 10]] as const;

interface Timbre {
  /** Levels of the harmonics, from the fundamental up. */
  readonly harmonics: readonly number[];
  /** Attack and decay, in seconds. */
  readonly attack: number;
  readonly decay: number;
}

/** Game music without end: drums, a bass line, chords and a lead, in a key and tempo of its own. */
export function createMusic(random: Random, { sampleRate }: { sampleRate: number }): SoundSource {
  const queue = new SoundQueue();
  const stepSamples = Math.round(60 / random.uniform(75, 170) / 4 * sampleRate);
  const scale = random.pick(SCALES);
  const key = 40 + random.integer(12);
  const hertzOf = (degree: number) => {
    const octave = Math.floor(degree / 7);
    return 440 * 2 ** ((key + 12 * octave + scale[degree - 7 * octave]! - 69) / 12);
  };
  const drums = drawDrums(random, sampleRate);
  const bass = drawTimbre(random, 6), pad = drawTimbre(random, 8), lead = drawTimbre(random, 7);
  const levels = {
    drums: random.next() < 0.8 ? random.uniform(0.3, 1) : 0,
    bass: random.next() < 0.85 ? random.uniform(0.3, 0.9) : 0,
    pad: random.next() < 0.8 ? random.uniform(0.1, 0.4) : 0,
    lead: random.next() < 0.7 ? random.uniform(0.1, 0.5) : 0,
  };
  const pattern = Array.from({ length: STEPS_PER_BAR }, () => random.next());
  let progression = [0, 3, 4, 5], bar = 0, queued = 0;

  const addBar = (start: number) => {
    if (bar % 8 === 0) progression = Array.from({ length: 4 }, () => random.integer(7));
    const root = progression[bar % 4]!;
    for (let step = 0; step < STEPS_PER_BAR; step++) {
      const at = start + step * stepSamples, mood = pattern[step]!;
      if (levels.drums > 0) {
        if (step % 8 === 0 || mood < 0.12) queue.add(drums.kick, at, levels.drums);
        if (step % 8 === 4) queue.add(drums.snare, at, 0.8 * levels.drums);
        if (step % 2 === 0 || mood > 0.7) {
          queue.add(drums.hat, at, 0.35 * levels.drums * random.uniform(0.6, 1));
        }
      }
      const play = (degree: number, timbre: Timbre, steps: number, level: number) => {
        const seconds = steps * stepSamples / sampleRate;
        queue.add(renderNote(hertzOf(degree), timbre, { seconds, sampleRate }), at, level);
      };
      if (levels.bass > 0 && (step % 4 === 0 || mood > 0.6)) play(root - 7, bass, 2, levels.bass);
      if (levels.pad > 0 && step % 8 === 0) {
        for (const interval of [0, 2, 4]) play(root + 7 + interval, pad, 8, levels.pad);
      }
      if (levels.lead > 0 && mood < 0.35) play(root + 14 + random.integer(7), lead, 2, levels.lead);
    }
    bar++;
  };
  return {
    render(length) {
      while (queued < length) {
        addBar(queued);
        queued += STEPS_PER_BAR * stepSamples;
      }
      queued -= length;
      const block = queue.take(length);
      for (let n = 0; n < length; n++) block[n] = Math.tanh(0.5 * block[n]!);
      return block;
    },
  };
}

function drawTimbre(random: Random, count: number): Timbre {
  const slope = random.uniform(0.7, 2.2), odd = random.next() < 0.3;
  return {
    harmonics: Array.from({ length: count }, (_, k) => odd && k % 2 === 1 ? 0 : (k + 1) ** -slope),
    attack: random.next() < 0.6 ? 0.004 : random.uniform(0.02, 0.1),
    decay: random.uniform(0.15, 1.5),
  };
}

function renderNote(
  hertz: number,
  { harmonics, attack, decay }: Timbre,
  { seconds, sampleRate }: { seconds: number; sampleRate: number },
): Float32Array {
  const samples = new Float32Array(Math.round((seconds + 0.03) * sampleRate));
  const audible = harmonics.filter((_, k) => (k + 1) * hertz < 0.45 * sampleRate);
  const step = 2 * Math.PI * hertz / sampleRate;
  const shrink = Math.exp(-1 / (decay * sampleRate)), release = 0.03 * sampleRate;
  let level = 1, s1 = 0, c1 = 1;
  const sinStep = Math.sin(step), cosStep = Math.cos(step);
  for (let n = 0; n < samples.length; n++) {
    // Chebyshev's recurrence gives all harmonics from one rotating phase.
    let previous = 0, sine = s1, sum = 0;
    for (let k = 0; k < audible.length; k++) {
      sum += audible[k]! * sine;
      const next = 2 * c1 * sine - previous;
      previous = sine;
      sine = next;
    }
    samples[n] = sum * level * Math.min(1, n / (attack * sampleRate), (samples.length - n) / release);
    level *= shrink;
    const s = s1 * cosStep + c1 * sinStep;
    c1 = c1 * cosStep - s1 * sinStep;
    s1 = s;
  }
  return samples;
}

function drawDrums(random: Random, sampleRate: number): Record<"kick" | "snare" | "hat", Float32Array> {
  const kick = new Float32Array(Math.round(0.25 * sampleRate));
  const top = random.uniform(80, 200), bottom = random.uniform(38, 60);
  let phase = 0;
  for (let n = 0; n < kick.length; n++) {
    const time = n / sampleRate;
    phase += 2 * Math.PI * (bottom + top * Math.exp(-time / 0.025)) / sampleRate;
    kick[n] = Math.sin(phase) * Math.exp(-time / 0.08);
  }
  const snare = decayingNoise(random, { seconds: random.uniform(0.08, 0.25), sampleRate });
  filterInPlace(snare, { kind: "highpass", frequency: random.uniform(200, 900), sampleRate });
  const hat = decayingNoise(random, { seconds: random.uniform(0.02, 0.08), sampleRate });
  filterInPlace(hat, { kind: "highpass", frequency: 5000, sampleRate });
  return { kick, snare: scaleToPeak(snare, 0.8), hat: scaleToPeak(hat, 0.8) };
}

function decayingNoise(
  random: Random,
  { seconds, sampleRate }: { seconds: number; sampleRate: number },
): Float32Array {
  const samples = whiteNoise(random, Math.round(seconds * sampleRate));
  for (let n = 0; n < samples.length; n++) samples[n]! *= Math.exp(-4 * n / samples.length);
  return samples;
}
