import type { Random } from "lib/base/numbers/random.ts";
import { filterInPlace } from "lib/learning/synthesis/biquad.ts";
import type { BurpVoice } from "lib/learning/synthesis/burp_voice.ts";
import { type CurvePoint, type CurveSpan, drawCurve, drawWander } from "lib/learning/synthesis/curve.ts";
import { rootMeanSquare } from "lib/learning/synthesis/level.ts";
import { whiteNoise } from "lib/learning/synthesis/noise.ts";
import { createPulseSource, type PulseSource } from "lib/learning/synthesis/pulse_source.ts";

/** What goes into throat and mouth, before its loudness, and the loudness over time, from 0 to 1. */
interface BurpExcitation extends PulseSource {
  readonly loudness: Float32Array;
}

/** Pulses and the turbulence that they let through, before the vocal tract. */
export function createBurpExcitation(voice: BurpVoice, random: Random, span: CurveSpan): BurpExcitation {
  const { samples, opening } = createPulseSource(random, {
    ...voice,
    sampleRate: span.sampleRate,
    rate: drawRate(voice, random, span),
    subharmonic: voice.doubling > 0 ? 2 : 1,
    subharmonicDepth: voice.doubling,
  });
  const breath = drawBreath(voice, random, span);
  const noise = whiteNoise(random, span.length);
  // Turbulence is not white: it falls off above the size of the constriction.
  filterInPlace(noise, {
    kind: "lowpass",
    frequency: voice.breathCorner,
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
  return { samples, opening, loudness: drawLoudness(voice, random, span) };
}

/** Pulses per second: a glide over the whole, and a wandering around it. */
function drawRate({ rate, glide, swing }: BurpVoice, random: Random, span: CurveSpan): Float32Array {
  const wander = drawWander(random, { ...span, low: -swing, high: swing, changesPerSecond: 4 });
  return wander.map((octaves, n) => rate * 2 ** (octaves + glide * (n / span.length - 0.5)));
}

function drawBreath(voice: BurpVoice, random: Random, span: CurveSpan): Float32Array {
  const breath = drawWander(random, { ...span, low: -1, high: 1, changesPerSecond: 3.5 })
    .map((octaves) => voice.breath * 2 ** octaves);
  if (voice.breakup <= 0) return breath;
  const from = random.uniform(0.35, 0.8) * voice.duration;
  const added = drawCurve([[from, 0], [from + 0.15 * voice.duration, voice.breakup]], span);
  return breath.map((air, n) => air + added[n]!);
}

/** One burst or several, with dips between them, that beat and flutter. */
function drawLoudness(voice: BurpVoice, random: Random, span: CurveSpan): Float32Array {
  const loudness = drawCurve(drawBursts(voice, random), span);
  const { beatRate, beatDepth, flutterRate, flutterDepth } = voice;
  const wander = { ...span, changesPerSecond: 4 };
  const beating = drawWander(random, { ...wander, low: 0.7 * beatRate, high: 1.3 * beatRate });
  const depth = drawWander(random, { ...wander, low: 0.3 * beatDepth, high: beatDepth });
  const flapping = drawWander(random, { ...wander, low: 0.85 * flutterRate, high: 1.15 * flutterRate });
  let beat = random.uniform(0, 2 * Math.PI), flap = random.uniform(0, 2 * Math.PI);
  for (let n = 0; n < span.length; n++) {
    beat += 2 * Math.PI * beating[n]! / span.sampleRate;
    flap += 2 * Math.PI * flapping[n]! / span.sampleRate;
    loudness[n]! *= 1 - depth[n]! * (0.5 + 0.5 * Math.cos(beat));
    loudness[n]! *= 1 - flutterDepth * (0.5 + 0.5 * Math.cos(flap));
  }
  return loudness;
}

function drawBursts(voice: BurpVoice, random: Random): CurvePoint[] {
  const { duration, dips } = voice;
  const bursts = Math.max(1, Math.round(voice.bursts));
  const attack = Math.min(0.4 * duration, voice.attack);
  const fade = Math.max(attack + 1e-3, duration * (1 - voice.release));
  const points: CurvePoint[] = [[0, 0], [attack, random.uniform(0.6, 1)]];
  for (let burst = 0; burst < bursts; burst++) {
    const start = duration * burst / bursts, length = duration / bursts;
    const gap = Math.min(0.12, 0.3 * length) * random.uniform(0.3, 1);
    if (burst > 0) points.push([start, 1 - dips], [start + gap, random.uniform(0.4, 1)]);
    points.push([start + random.uniform(0.4, 0.65) * length, random.uniform(0.5, 1)]);
    if (burst < bursts - 1) points.push([start + length - gap, random.uniform(0.4, 0.9)]);
  }
  const kept = points.filter(([time], i) => i < 2 || (time > attack && time < fade));
  return [...kept, [fade, random.uniform(0.3, 0.9)], [duration, 0]];
}
