import type { Random } from "lib/base/numbers/random.ts";
import { filterInPlace } from "lib/learning/synthesis/biquad.ts";
import { type CurvePoint, type CurveSpan, drawCurve, multiplyBy } from "lib/learning/synthesis/curve.ts";
import { applyFormants } from "lib/learning/synthesis/formants.ts";
import { mixInto, rootMeanSquare, scaleToPeak } from "lib/learning/synthesis/level.ts";
import { whiteNoise } from "lib/learning/synthesis/noise.ts";
import { createPulseSource } from "lib/learning/synthesis/pulse_source.ts";

/** First three resonances of a vowel, in Hz, of a man of middle size. */
export type Vowel = readonly [first: number, second: number, third: number];

/** Vowels of men, rounded from G. E. Peterson and H. L. Barney, J. Acoust. Soc. Am. 24, 1952. */
export const VOWELS = [
  [270, 2290, 3010],
  [390, 1990, 2550],
  [530, 1840, 2480],
  [660, 1720, 2410],
  [730, 1090, 2440],
  [570, 840, 2410],
  [440, 1020, 2240],
  [300, 870, 2240],
  [640, 1190, 2390],
  [490, 1350, 1690],
] as const satisfies readonly Vowel[];

/** A person with a larynx. */
export interface Speaker {
  /** Middle of the pitch range, in Hz. */
  readonly pitch: number;
  /** Factor on all resonances: about 1 for men, 1.17 for women, 1.3 for children. */
  readonly tractScale: number;
  readonly jitter: number;
  readonly shimmer: number;
  readonly openMs: number;
  readonly returnMs: number;
  /** Level of the breath relative to the voice. */
  readonly breathiness: number;
  /** Syllables per second. */
  readonly tempo: number;
}

/** A man, a woman or a child; men are drawn more often, and some of them speak very low. */
export function drawSpeaker(random: Random): Speaker {
  const kind = random.next();
  const pitch = kind < 0.2
    ? random.uniform(70, 100)
    : kind < 0.6
    ? random.uniform(95, 155)
    : kind < 0.9
    ? random.uniform(155, 260)
    : random.uniform(240, 340);
  const size = kind < 0.6 ? 1 : kind < 0.9 ? 1.17 : 1.3;
  return {
    pitch,
    tractScale: size * random.uniform(0.9, 1.1),
    jitter: random.uniform(0.004, 0.02),
    shimmer: random.uniform(0.02, 0.08),
    openMs: Math.min(0.65, random.uniform(0.4, 0.7)) * 1000 / pitch,
    returnMs: random.uniform(0.1, 0.5),
    breathiness: 10 ** random.uniform(-2, -0.7),
    tempo: random.uniform(3, 6.5),
  };
}

/** What a voice does, as points in time; several people can say the same with different voices. */
export interface Utterance {
  readonly seconds: number;
  /** Pitch relative to the speaker's. */
  readonly pitch: readonly CurvePoint[];
  /** Loudness of the voice, from 0 to 1. */
  readonly voicing: readonly CurvePoint[];
  /** Loudness of air through the whole tract ("h"), from 0 to 1. */
  readonly aspiration: readonly CurvePoint[];
  /** Loudness of noise at the teeth ("s", "t"), from 0 to 1. */
  readonly frication: readonly CurvePoint[];
  readonly vowels: readonly (readonly [seconds: number, vowel: Vowel])[];
  /** Irregularity on top of the speaker's own: 0.1 and more creaks. */
  readonly roughness?: number;
}

/** The dry sound of an utterance in a speaker's voice, with a peak of 0.9. */
export function speak(
  speaker: Speaker,
  utterance: Utterance,
  { random, sampleRate }: { random: Random; sampleRate: number },
): Float32Array {
  const span: CurveSpan = { length: Math.max(1, Math.round(utterance.seconds * sampleRate)), sampleRate };
  const rate = drawCurve(utterance.pitch, span);
  for (let n = 0; n < span.length; n++) rate[n]! *= speaker.pitch;
  const roughness = utterance.roughness ?? 0;
  const { samples, opening } = createPulseSource(random, {
    ...speaker,
    sampleRate,
    rate,
    jitter: speaker.jitter + roughness,
    shimmer: speaker.shimmer + 2 * roughness,
    chaosDepth: roughness > 0 ? 2 * roughness : 0,
  });
  const pulseLevel = rootMeanSquare(samples) || 1;
  const voicing = drawCurve(utterance.voicing, span), aspiration = drawCurve(utterance.aspiration, span);
  const noise = whiteNoise(random, span.length);
  for (let n = 0; n < span.length; n++) {
    const breath = 0.6 * aspiration[n]! + voicing[n]! * speaker.breathiness * opening[n]!;
    samples[n] = voicing[n]! * samples[n]! / pulseLevel + 2 * breath * noise[n]!;
  }
  const formant = (index: 0 | 1 | 2, bandwidth: number) => ({
    bandwidth,
    frequency: drawCurve(
      utterance.vowels.map(([time, vowel]) => [time, vowel[index] * speaker.tractScale] as const),
      span,
    ),
  });
  const fixed = (hertz: number) => new Float32Array(span.length).fill(hertz * speaker.tractScale);
  applyFormants(samples, [
    formant(0, 80),
    formant(1, 110),
    formant(2, 170),
    { frequency: fixed(3400), bandwidth: 250 },
    { frequency: fixed(4500), bandwidth: 300 },
  ], { sampleRate });
  scaleToPeak(samples, 0.9);
  const hiss = multiplyBy(noise, drawCurve(utterance.frication, span));
  filterInPlace(hiss, { kind: "bandpass", frequency: random.uniform(3200, 6500), q: 1, sampleRate });
  mixInto(samples, hiss, 0, random.uniform(0.2, 0.6));
  return scaleToPeak(samples, 0.9);
}
