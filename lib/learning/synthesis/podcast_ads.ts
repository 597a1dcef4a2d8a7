import { concatenate } from "lib/base/numbers/concatenate.ts";
import type { Random } from "lib/base/numbers/random.ts";
import { decibelsToRatio, mixInto, rootMeanSquare } from "lib/learning/synthesis/level.ts";
import { createMusic } from "lib/learning/synthesis/music.ts";
import { writeAd } from "lib/learning/synthesis/podcast_lines.ts";
import type { Sayer, SpokenVoice } from "lib/learning/synthesis/say.ts";

/** Variants of the voices of espeak-ng. */
const VARIANTS = ["m1", "m2", "m3", "m4", "m5", "m6", "m7", "f1", "f2", "f3", "f4", "f5"];
const ACCENTS = ["en-us", "en-gb", "en-gb-scotland", "en-gb-x-rp", "en-029"];

/** Draws a voice that speaks English. */
export function drawVoice(random: Random): SpokenVoice {
  return {
    name: `${random.pick(ACCENTS)}+${random.pick(VARIANTS)}`,
    pitch: 20 + random.integer(60),
    speed: 140 + random.integer(50),
  };
}

/** An advertisement as it was recorded once. */
export interface RecordedAd {
  /** Whether it was produced with music, or is read by a host. */
  readonly kind: "produced" | "host-read";
  readonly samples: Float32Array;
}

/** How an advertisement is recorded. */
interface AdOptions {
  readonly sayer: Sayer;
  readonly sampleRate: number;
  /** Who reads it; a voice of its own, over music, by default. */
  readonly host?: SpokenVoice | undefined;
}

/** Scales a sound to a level, as root mean square, in place. */
export function scaleToLevel(samples: Float32Array, level: number): Float32Array {
  const gain = level / (rootMeanSquare(samples) || 1);
  for (let n = 0; n < samples.length; n++) samples[n]! *= gain;
  return samples;
}

/** Records an advertisement of 10 to 40 s: sentences one after the other, over music where it is a produced one. */
export async function recordAd(
  random: Random,
  { sayer, sampleRate, host }: AdOptions,
): Promise<RecordedAd> {
  const voice = host ?? drawVoice(random);
  const parts: Float32Array[] = host
    ? []
    : [new Float32Array(Math.round(random.uniform(0.3, 2) * sampleRate))];
  for (const sentence of writeAd(random, 4 + random.integer(6))) {
    parts.push(await sayer.say(sentence, voice));
    parts.push(new Float32Array(Math.round(random.uniform(0, host ? 0.5 : 0.25) * sampleRate)));
  }
  const samples = concatenate(parts);
  scaleToLevel(samples, 0.1);
  if (host) return { kind: "host-read", samples };
  const music = scaleToLevel(createMusic(random.fork("music"), { sampleRate }).render(samples.length), 0.1);
  mixInto(samples, music, 0, decibelsToRatio(-random.uniform(6, 16)));
  return { kind: "produced", samples };
}
