import { concatenate } from "lib/base/numbers/concatenate.ts";
import type { Random } from "lib/base/numbers/random.ts";
import { filterInPlace } from "lib/learning/synthesis/biquad.ts";
import { createBurpExcitation } from "lib/learning/synthesis/burp_excitation.ts";
import {
  type BurpPoint,
  type BurpVoice,
  burpVoiceAt,
  drawBurpPoint,
  varyBurpPoint,
} from "lib/learning/synthesis/burp_voice.ts";
import { type CurveSpan, drawCurve, multiplyBy } from "lib/learning/synthesis/curve.ts";
import { applyFormants } from "lib/learning/synthesis/formants.ts";
import { mixInto, rootMeanSquare, scaleToPeak } from "lib/learning/synthesis/level.ts";
import { whiteNoise } from "lib/learning/synthesis/noise.ts";
import { recordSound } from "lib/learning/synthesis/recording_chain.ts";
import {
  synthesizeBreath,
  synthesizeBubble,
  synthesizeGulp,
  synthesizePop,
} from "lib/learning/synthesis/throat_noises.ts";

/** How a burp is synthesised. */
interface BurpOptions {
  /** Sample rate of the result, in Hz. */
  readonly sampleRate: number;
  /** Seconds from the first pulse to the last; drawn where absent (half of them below 0.7 s, a tenth above 2.3 s). */
  readonly duration?: number | undefined;
  /** Without room and microphone; false by default. */
  readonly dry?: boolean;
  /** Where it lies in the ranges of its parameters; drawn where absent. */
  readonly point?: BurpPoint;
  /** Never followed by more of the same person, as one in twelve is; false by default. */
  readonly single?: boolean;
}

interface Drawn {
  readonly random: Random;
  readonly sampleRate: number;
}

/**
 * A burp by physical modelling: air from the stomach makes the tissue at the top of the gullet flutter irregularly; the
 * pulses and the turbulence between them go through throat and mouth, into a room and a microphone. Everybody, every room
 * and every loudness is drawn from `random`; the same state gives the same samples.
 * @returns Mono samples in [-1, 1] that begin with the burp and end with it or with its echo.
 */
export function synthesizeBurp(
  random: Random,
  { sampleRate, duration, dry = false, single = false, point = drawBurpPoint(random) }: BurpOptions,
): Float32Array {
  const drawn = burpVoiceAt(point);
  const voice = duration === undefined ? drawn : { ...drawn, duration };
  const first = renderBurp(voice, { random, sampleRate });
  const several = !single && duration === undefined && voice.duration < 0.7 && random.next() < 0.06;
  const samples = several ? followUp(first, point, { random, sampleRate }) : first;
  return dry ? scaleToPeak(samples, 0.9) : recordSound(samples, { random, sampleRate });
}

/** A burp and one to three more of the same person, a moment later each. */
function followUp(first: Float32Array, point: BurpPoint, { random, sampleRate }: Drawn): Float32Array {
  const parts = [first];
  for (let more = 1 + random.integer(3); more > 0; more--) {
    const voice = { ...burpVoiceAt(varyBurpPoint(random, point, 0.05)), duration: random.uniform(0.12, 0.5) };
    const samples = renderBurp(voice, { random, sampleRate });
    parts.push(new Float32Array(Math.round(random.uniform(0.05, 0.35) * sampleRate)));
    parts.push(scaleToPeak(samples, random.uniform(0.35, 1)));
  }
  return concatenate(parts);
}

/** The dry sound of one burp. */
function renderBurp(voice: BurpVoice, { random, sampleRate }: Drawn): Float32Array {
  const span: CurveSpan = { length: Math.max(1, Math.round(voice.duration * sampleRate)), sampleRate };
  const { samples, opening, loudness } = createBurpExcitation(voice, random, span);
  multiplyBy(samples, loudness);
  emphasise(samples, voice.sharpness, sampleRate);
  applyTract(samples, voice, span);
  filterInPlace(samples, {
    kind: "peak",
    frequency: voice.cavity,
    gainDecibels: voice.cavityGain,
    q: voice.cavityQ,
    sampleRate,
  });
  filterInPlace(samples, {
    kind: "highshelf",
    frequency: voice.shelf,
    gainDecibels: voice.shelfGain,
    q: 0.5,
    sampleRate,
  });
  raiseHighs(samples, voice, sampleRate);
  const spray = whiteNoise(random, span.length);
  filterInPlace(spray, { kind: "highpass", frequency: voice.sprayLow, q: 0.6, sampleRate });
  const level = voice.spray * rootMeanSquare(samples) / (rootMeanSquare(spray) || 1);
  const steady = 1 - voice.breathModulation;
  for (let n = 0; n < span.length; n++) {
    samples[n]! += level * loudness[n]! * (steady + voice.breathModulation * opening[n]!) * spray[n]!;
  }
  scaleToPeak(samples, 1);
  if (voice.drive > 0) {
    for (let n = 0; n < samples.length; n++) samples[n] = Math.tanh((1 + voice.drive) * samples[n]!);
  }
  return surround(samples, voice, random, sampleRate);
}

/** Throat and mouth: the jaw moves the first resonance most, the tongue the second. */
function applyTract(samples: Float32Array, voice: BurpVoice, span: CurveSpan): void {
  const { duration, size, damping } = voice;
  const mouth = drawCurve(
    [[0, voice.mouthStart], [duration / 2, voice.mouthMiddle], [duration, voice.mouthEnd]],
    span,
  );
  const tongue = drawCurve([[0, voice.tongueStart], [duration, voice.tongueEnd]], span);
  const at = (hertz: (mouth: number, tongue: number) => number) =>
    mouth.map((open, n) => size * hertz(open, tongue[n]!));
  const fixed = (hertz: number) => new Float32Array(span.length).fill(hertz * size);
  applyFormants(samples, [
    { frequency: at((open) => 280 * (900 / 280) ** open), bandwidth: 75 * damping },
    { frequency: at((open, front) => 780 + 350 * open + 800 * front), bandwidth: 115 * damping },
    { frequency: at((open, front) => 2150 + 150 * open + 350 * front), bandwidth: 190 * damping },
    { frequency: fixed(3400), bandwidth: 350 },
    { frequency: fixed(4500), bandwidth: 450 },
  ], span);
}

/** Lifts what lies above the corner to its share of the energy below, where it has less. */
function raiseHighs(samples: Float32Array, voice: BurpVoice, sampleRate: number): void {
  const highs = filterInPlace(samples.slice(), {
    kind: "highpass",
    frequency: voice.highsCorner,
    q: 0.7,
    sampleRate,
  });
  const wanted = Math.sqrt(voice.highsShare) * rootMeanSquare(samples), now = rootMeanSquare(highs);
  if (now > 0 && now < wanted) mixInto(samples, highs, 0, wanted / now - 1);
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
