import type { Random } from "lib/base/numbers/random.ts";
import type { CurvePoint } from "lib/learning/synthesis/curve.ts";
import {
  drawSpeaker,
  speak,
  type Speaker,
  type Utterance,
  type Vowel,
  VOWELS,
} from "lib/learning/synthesis/speaker.ts";

/** How a vocal sound is synthesised. */
interface VoiceOptions {
  readonly sampleRate: number;
  /** Length in seconds; drawn where absent. */
  readonly seconds?: number | undefined;
  /** Who it is; somebody is drawn where absent. */
  readonly speaker?: Speaker;
}

/** Speech in no language: phrases of syllables with consonants, pauses, a melody, and now and then a creaky end. */
export function synthesizeSpeech(random: Random, options: VoiceOptions): Float32Array {
  const { sampleRate, speaker = drawSpeaker(random), seconds = random.uniform(0.8, 4) } = options;
  const pitch: CurvePoint[] = [[0, random.uniform(1, 1.4)]];
  const voicing: CurvePoint[] = [[0, 0]],
    aspiration: CurvePoint[] = [[0, 0]],
    frication: CurvePoint[] = [[0, 0]];
  const vowels: [number, Vowel][] = [[0, random.pick(VOWELS)]];
  let time = 0.02, phraseEnd = random.uniform(0.8, 2.5);
  while (time < seconds - 0.15) {
    const length = random.uniform(0.6, 1.5) / speaker.tempo;
    const consonant = Math.min(0.12, 0.35 * length), end = time + length;
    switch (random.integer(5)) {
      case 0: // s, sh, f
        voicing.push([time, 0], [time + 0.7 * consonant, 0]);
        frication.push([time, 0], [time + 0.4 * consonant, random.uniform(0.3, 1)], [time + consonant, 0]);
        break;
      case 1: // p, t, k: silence, a burst, a breath
        voicing.push([time, 0], [time + 0.8 * consonant, 0]);
        frication.push([time + 0.6 * consonant, 0], [time + 0.65 * consonant, 1], [
          time + 0.9 * consonant,
          0,
        ]);
        aspiration.push([time + 0.6 * consonant, 0], [time + 0.8 * consonant, 0.5], [
          time + 1.3 * consonant,
          0,
        ]);
        break;
      case 2: // h
        aspiration.push([time, 0], [time + 0.5 * consonant, 0.4], [time + 1.2 * consonant, 0]);
        voicing.push([time, 0.05]);
        break;
      default: // m, n, l, b, d: the voice goes on, weaker
        voicing.push([time, random.uniform(0.1, 0.35)], [time + consonant * 0.7, random.uniform(0.15, 0.4)]);
        vowels.push([time + 0.5 * consonant, [300, random.uniform(900, 1800), 2400]]);
    }
    const strength = random.uniform(0.5, 1);
    vowels.push([time + consonant, random.pick(VOWELS)]);
    if (random.next() < 0.4) vowels.push([end - 0.2 * length, random.pick(VOWELS)]);
    voicing.push([time + consonant + 0.02, strength], [end - 0.2 * length, 0.8 * strength]);
    pitch.push([time + length / 2, random.uniform(0.8, 1.3)]);
    time = end;
    if (time > phraseEnd) {
      voicing.push([time + 0.05, 0]);
      pitch.push([time, random.uniform(0.6, 0.85)]);
      time += random.uniform(0.15, 0.6);
      voicing.push([time, 0]);
      phraseEnd = time + random.uniform(0.8, 2.5);
    }
  }
  voicing.push([seconds - 0.03, 0]);
  const utterance = {
    seconds,
    pitch,
    voicing: inOrder(voicing),
    aspiration: inOrder(aspiration),
    frication,
    vowels,
  };
  return speak(speaker, { ...utterance, vowels: inOrder(vowels) }, { random, sampleRate });
}

/** One short word, as "no", "what" or "learn": a vowel that glides, a soft or a hissing start, often a hard end. */
export function synthesizeWord(random: Random, options: VoiceOptions): Float32Array {
  const { sampleRate, speaker = drawSpeaker(random), seconds = random.uniform(0.22, 0.65) } = options;
  const start = random.uniform(0.03, 0.12), end = seconds - random.uniform(0.03, 0.15);
  const hiss = random.next() < 0.35 ? random.uniform(0.2, 1) : 0, stop = random.next() < 0.4;
  // Liquids and nasals start and end low and dark: the likeliest to be taken for a burp.
  const dark = (): Vowel => [random.uniform(250, 400), random.uniform(800, 1500), random.uniform(1700, 2500)];
  const fall = random.uniform(0.65, 1.15);
  const utterance: Utterance = {
    seconds,
    pitch: [[0, random.uniform(0.9, 1.2)], [0.4 * seconds, random.uniform(0.9, 1.25)], [seconds, fall]],
    voicing: [[0, 0], [0.4 * start, hiss > 0 ? 0 : 0.4], [start + 0.03, 1], [end, random.uniform(0.3, 0.9)], [
      end + (stop ? 0.01 : 0.03),
      0,
    ]],
    aspiration: [[0, 0], [start, random.uniform(0, 0.3)], [start + 0.05, 0]],
    frication: [[0, 0], [0.5 * start, hiss], [start, 0], [end + 0.02, 0], [end + 0.025, stop ? 0.6 : 0], [
      seconds,
      0,
    ]],
    vowels: [[0, dark()], [start, random.pick(VOWELS)], [0.75 * end, random.pick(VOWELS)], [
      end,
      random.next() < 0.5 ? dark() : random.pick(VOWELS),
    ]],
    // Some people creak on nearly every word.
    roughness: random.next() < 0.2 ? random.uniform(0.02, 0.1) : 0,
  };
  return speak(speaker, utterance, { random, sampleRate });
}

/** Speech in vocal fry: the pulses of the larynx come singly, 28 to 65 a second. */
export function synthesizeVocalFry(random: Random, options: VoiceOptions): Float32Array {
  const speaker = options.speaker ?? drawSpeaker(random);
  const creaky = { ...speaker, pitch: random.uniform(28, 65), jitter: 0.08, shimmer: 0.15, openMs: 3 };
  return synthesizeSpeech(random, { ...options, speaker: creaky });
}

/** A hum, a moan, a yawn or a held note: one or two vowels without consonants, the pitch gliding. */
export function synthesizeMoan(random: Random, options: VoiceOptions): Float32Array {
  const { sampleRate, speaker = drawSpeaker(random), seconds = random.uniform(0.4, 2.5) } = options;
  const hummed = random.next() < 0.4;
  const vowel = (): Vowel => hummed ? [260, random.uniform(1000, 1300), 2200] : random.pick(VOWELS);
  const utterance: Utterance = {
    seconds,
    pitch: [[0, random.uniform(0.8, 1.5)], [seconds * random.uniform(0.2, 0.8), random.uniform(0.8, 1.6)], [
      seconds,
      random.uniform(0.6, 1.3),
    ]],
    voicing: [[0, 0], [random.uniform(0.03, 0.2), 1], [0.7 * seconds, random.uniform(0.5, 1)], [seconds, 0]],
    aspiration: [[0, random.uniform(0, 0.1)], [seconds, random.uniform(0, 0.3)]],
    frication: [[0, 0]],
    vowels: [[0, vowel()], [seconds, vowel()]],
  };
  return speak(speaker, utterance, { random, sampleRate });
}

/** Laughter: the same breathy syllable four to six times a second, higher than speech and falling. */
export function synthesizeLaugh(random: Random, options: VoiceOptions): Float32Array {
  const { sampleRate, speaker = drawSpeaker(random), seconds = random.uniform(0.6, 2.5) } = options;
  const period = 1 / random.uniform(3.8, 6.2), top = random.uniform(1.2, 2.4), vowel = random.pick(VOWELS);
  const pitch: CurvePoint[] = [], voicing: CurvePoint[] = [], aspiration: CurvePoint[] = [];
  for (let time = 0; time < seconds - period; time += period * random.uniform(0.9, 1.15)) {
    const fall = 1 - 0.5 * time / seconds, strength = fall * random.uniform(0.6, 1);
    pitch.push([time, top * fall * 1.1], [time + 0.5 * period, top * fall * random.uniform(0.8, 1)]);
    aspiration.push([time, 0.1], [time + 0.15 * period, 0.6 * strength], [time + 0.5 * period, 0.1]);
    voicing.push([time + 0.1 * period, 0], [time + 0.3 * period, strength], [
      time + 0.55 * period,
      0.6 * strength,
    ], [
      time + 0.75 * period,
      0,
    ]);
  }
  const utterance = {
    seconds,
    pitch,
    voicing,
    aspiration,
    frication: [[0, 0]] as const,
    vowels: [[0, vowel]] as const,
  };
  return speak(speaker, utterance, { random, sampleRate });
}

/** A scream or a cheer: loud, high, rough. */
export function synthesizeScream(random: Random, options: VoiceOptions): Float32Array {
  const { sampleRate, speaker = drawSpeaker(random), seconds = random.uniform(0.4, 1.8) } = options;
  const height = random.uniform(350, 800) / speaker.pitch;
  const utterance: Utterance = {
    seconds,
    pitch: [[0, height * 0.7], [0.2 * seconds, height], [seconds, height * random.uniform(0.6, 1.1)]],
    voicing: [[0, 0], [0.06, 1], [0.8 * seconds, 0.8], [seconds, 0]],
    aspiration: [[0, 0.1]],
    frication: [[0, 0]],
    vowels: [[0, random.pick(VOWELS)], [seconds, VOWELS[4]]],
    roughness: random.next() < 0.5 ? random.uniform(0.02, 0.08) : 0,
  };
  return speak({ ...speaker, openMs: 400 / (speaker.pitch * height) }, utterance, { random, sampleRate });
}

function inOrder<T>(points: readonly (readonly [number, T])[]): (readonly [number, T])[] {
  return points.toSorted((a, b) => a[0] - b[0]);
}
