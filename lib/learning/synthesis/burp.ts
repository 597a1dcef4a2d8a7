import { concatenate } from "lib/base/numbers/concatenate.ts";
import type { Random } from "lib/base/numbers/random.ts";
import { filterInPlace } from "lib/learning/synthesis/biquad.ts";
import { type BurpVoice, drawBurpVoice, type TractShape } from "lib/learning/synthesis/burp_voice.ts";
import { type CurveSpan, drawCurve, drawWander, multiplyBy } from "lib/learning/synthesis/curve.ts";
import { applyFormants } from "lib/learning/synthesis/formants.ts";
import { mixInto, rootMeanSquare, scaleToPeak } from "lib/learning/synthesis/level.ts";
import { whiteNoise } from "lib/learning/synthesis/noise.ts";
import { createPulseSource, type PulseSource } from "lib/learning/synthesis/pulse_source.ts";
import { recordSound } from "lib/learning/synthesis/recording_chain.ts";
import {
  synthesizeBreath,
  synthesizeBubble,
  synthesizeGulp,
  synthesizePop,
} from "lib/learning/synthesis/throat_noises.ts";

/** How a burp is synthesised. */
export interface BurpOptions {
  /** Sample rate of the result, in Hz. */
  readonly sampleRate: number;
  /** Seconds from the first pulse to the last; drawn where absent (half of them below 0.7 s, a tenth above 2.3 s). */
  readonly duration?: number;
  /** Without room and microphone; false by default. */
  readonly dry?: boolean;
}

/**
 * A burp by physical modelling: air from the stomach makes the tissue at the top of the gullet flutter irregularly; the
 * pulses and the turbulence between them go through throat and mouth, into a room and a microphone. Everybody, every room
 * and every loudness is drawn from `random`; the same state gives the same samples.
 * @returns Mono samples in [-1, 1] that begin with the burp and end with it or with its echo.
 */
export function synthesizeBurp(
  random: Random,
  { sampleRate, duration, dry = false }: BurpOptions,
): Float32Array {
  const voice = drawBurpVoice(random, duration === undefined ? {} : { duration });
  const first = renderBurp(voice, { random, sampleRate });
  const several = duration === undefined && voice.duration < 0.7 && random.next() < 0.12;
  const samples = several ? followUp(first, voice, { random, sampleRate }) : first;
  return dry ? scaleToPeak(samples, 0.9) : recordSound(samples, { random, sampleRate });
}

/** A burp and one to three more of the same person, a moment later each. */
function followUp(
  first: Float32Array,
  voice: BurpVoice,
  { random, sampleRate }: { random: Random; sampleRate: number },
): Float32Array {
  const { tractScale, cavity, bandwidths } = voice;
  const parts = [first];
  for (let more = 1 + random.integer(3); more > 0; more--) {
    const next = drawBurpVoice(random, { duration: random.uniform(0.12, 0.5) });
    const samples = renderBurp({ ...next, tractScale, cavity, bandwidths }, { random, sampleRate });
    parts.push(new Float32Array(Math.round(random.uniform(0.05, 0.35) * sampleRate)));
    parts.push(scaleToPeak(samples, random.uniform(0.35, 1)));
  }
  return concatenate(parts);
}

/** The dry sound of one burp. */
export function renderBurp(
  voice: BurpVoice,
  { random, sampleRate }: { random: Random; sampleRate: number },
): Float32Array {
  const span: CurveSpan = { length: Math.max(1, Math.round(voice.duration * sampleRate)), sampleRate };
  const { samples: excitation, opening } = createExcitation(voice, random, span);
  const loudness = drawLoudnessCurve(voice, random, span);
  multiplyBy(excitation, loudness);
  emphasise(excitation, voice.sharpness, sampleRate);
  const shapes = voice.tract;
  const formantCurve = (index: 0 | 1 | 2) =>
    drawCurve(
      shapes.map(([time, shape]: readonly [number, TractShape]) => [time, shape[index] * voice.tractScale]),
      span,
    );
  const fixed = (hertz: number) => new Float32Array(span.length).fill(hertz * voice.tractScale);
  applyFormants(excitation, [
    { frequency: formantCurve(0), bandwidth: voice.bandwidths[0] },
    { frequency: formantCurve(1), bandwidth: voice.bandwidths[1] },
    { frequency: formantCurve(2), bandwidth: voice.bandwidths[2] },
    { frequency: fixed(3400), bandwidth: 350 },
    { frequency: fixed(4500), bandwidth: 450 },
  ], { sampleRate });
  filterInPlace(excitation, { kind: "peak", ...voice.cavity, q: 2.5, sampleRate });
  filterInPlace(excitation, { kind: "highshelf", ...voice.shelf, q: 0.5, sampleRate });
  raiseHighs(excitation, voice.highs, sampleRate);
  const spray = createSpray(voice, random, span);
  const level = voice.spray.level * rootMeanSquare(excitation) / (rootMeanSquare(spray) || 1);
  const steady = 1 - voice.breathModulation;
  for (let n = 0; n < span.length; n++) {
    excitation[n]! += level * loudness[n]! * (steady + voice.breathModulation * opening[n]!) * spray[n]!;
  }
  scaleToPeak(excitation, 1);
  if (voice.drive > 0) {
    for (let n = 0; n < excitation.length; n++) excitation[n] = Math.tanh((1 + voice.drive) * excitation[n]!);
  }
  return surround(excitation, voice, random, sampleRate);
}

/** Lifts what lies above the corner to its share of the energy below, where it has less. */
function raiseHighs(samples: Float32Array, { share, corner }: BurpVoice["highs"], sampleRate: number): void {
  const highs = filterInPlace(samples.slice(), { kind: "highpass", frequency: corner, q: 0.7, sampleRate });
  const wanted = Math.sqrt(share) * rootMeanSquare(samples), now = rootMeanSquare(highs);
  if (now > 0 && now < wanted) mixInto(samples, highs, 0, wanted / now - 1);
}

function createSpray({ spray }: BurpVoice, random: Random, { length, sampleRate }: CurveSpan): Float32Array {
  const noise = filterInPlace(whiteNoise(random, length), {
    kind: "highpass",
    frequency: spray.low,
    q: 0.6,
    sampleRate,
  });
  return filterInPlace(noise, { kind: "lowpass", frequency: spray.high, q: 0.6, sampleRate });
}

/** Pulses and the turbulence that they let through, before the vocal tract. */
function createExcitation(voice: BurpVoice, random: Random, span: CurveSpan): PulseSource {
  const rate = drawCurve(voice.rate, span);
  const { samples, opening } = createPulseSource(random, { ...voice, sampleRate: span.sampleRate, rate });
  const breath = drawCurve(voice.breath, span);
  const noise = whiteNoise(random, span.length);
  // Turbulence is not white: it falls off below and above the size of the constriction.
  filterInPlace(noise, {
    kind: "lowpass",
    frequency: random.uniform(900, 4000),
    q: 0.6,
    sampleRate: span.sampleRate,
  });
  const pulseLevel = rootMeanSquare(samples) || 1, noiseLevel = rootMeanSquare(noise) || 1;
  const steady = 1 - voice.breathModulation;
  for (let n = 0; n < span.length; n++) {
    const air = breath[n]! * (steady + voice.breathModulation * opening[n]!) * noise[n]! / noiseLevel;
    // Where much air escapes the tissue no longer closes, and the pulses fade.
    samples[n] = samples[n]! / pulseLevel * Math.max(0, 1 - 0.45 * breath[n]!) + air;
  }
  return { samples, opening };
}

/** Lifts the highs by up to 6 dB per octave above 100 Hz. */
function emphasise(samples: Float32Array, amount: number, sampleRate: number): void {
  const share = amount * Math.exp(-2 * Math.PI * 100 / sampleRate);
  let previous = 0;
  for (let n = 0; n < samples.length; n++) {
    const value = samples[n]!;
    samples[n] = value - share * previous;
    previous = value;
  }
}

function drawLoudnessCurve(voice: BurpVoice, random: Random, span: CurveSpan): Float32Array {
  const loudness = drawCurve(voice.loudness, span);
  const { beats, flutter } = voice;
  const beatRate = drawWander(random, {
    ...span,
    low: 0.7 * beats.rate,
    high: 1.3 * beats.rate,
    changesPerSecond: 3,
  });
  const beatDepth = drawWander(random, {
    ...span,
    low: 0.3 * beats.depth,
    high: beats.depth,
    changesPerSecond: 4,
  });
  let beat = random.uniform(0, 2 * Math.PI), flap = random.uniform(0, 2 * Math.PI);
  for (let n = 0; n < span.length; n++) {
    beat += 2 * Math.PI * beatRate[n]! / span.sampleRate;
    loudness[n]! *= 1 - beatDepth[n]! * (0.5 + 0.5 * Math.cos(beat));
    if (flutter.depth > 0) {
      flap += 2 * Math.PI * flutter.rate * (0.8 + 0.4 * beatRate[n]! / beats.rate / 2) / span.sampleRate;
      loudness[n]! *= 1 - flutter.depth * (0.5 + 0.5 * Math.cos(flap));
    }
  }
  return loudness;
}

/** Adds what happens around the burp itself: air swallowed before it, the lips' pop, bubbles, breath after it. */
function surround(burp: Float32Array, voice: BurpVoice, random: Random, sampleRate: number): Float32Array {
  const gulp = voice.gulp > 0 ? synthesizeGulp(random, { sampleRate }) : new Float32Array(0);
  const pause = voice.gulp > 0 ? Math.round(random.uniform(0, 0.12) * sampleRate) : 0;
  const breath = voice.exhalation > 0
    ? synthesizeBreath(random, { seconds: random.uniform(0.1, 0.5), sampleRate })
    : new Float32Array(0);
  const start = gulp.length + pause;
  const overlap = Math.min(burp.length >> 1, breath.length >> 1);
  const samples = new Float32Array(start + burp.length + breath.length - overlap);
  mixInto(samples, scaleToPeak(gulp, voice.gulp), 0);
  mixInto(samples, burp, start);
  mixInto(samples, scaleToPeak(breath, voice.exhalation), start + burp.length - overlap);
  if (voice.pop > 0) {
    mixInto(samples, scaleToPeak(synthesizePop(random, { sampleRate }), voice.pop), start);
  }
  if (voice.bubbles > 0) {
    const count = Math.ceil(random.uniform(3, 18) * voice.duration);
    for (let i = 0; i < count; i++) {
      const bubble = synthesizeBubble(random, { sampleRate });
      mixInto(samples, bubble, start + random.integer(burp.length), voice.bubbles * random.uniform(0.1, 0.6));
    }
  }
  return samples;
}
