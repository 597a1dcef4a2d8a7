import { secondsToSamples } from "lib/base/events/time_grid.ts";
import type { Random } from "lib/base/numbers/random.ts";
import { type Clip, dbToGain, levelDb } from "lib/learning/dataset/clip.ts";
import { DEFAULT_MIXTURE, type MixtureConfig } from "lib/learning/dataset/mixture_config.ts";
import { placeClip, vary } from "lib/learning/dataset/place_clip.ts";
import { createNoise, createPinkNoise } from "lib/learning/synthesis/noise.ts";

/** Sounds of one origin, and how often one of them is drawn. */
export interface SoundGroup {
  readonly name: string;
  /** In proportion to those of the other groups. */
  readonly share: number;
  readonly sounds: readonly Clip[];
}

/** Wider than a training's: a teacher knows the truth of any mixture. */
const MIXTURE: MixtureConfig = {
  ...DEFAULT_MIXTURE,
  snrDb: [-6, 40],
  speed: 0.25,
  tilt: 0.8,
  equaliserDb: 15,
  roomShare: 0.4,
};
const BED_SHARE = 0.55;
const BED_DB = [-65, -20] as const;
const NOISE_SHARE = 0.6;
const NOISE_DB = [-90, -35] as const;
const MOST_SOUNDS = 3;
/** Level of the whole window: from loud to the quietest that a microphone gives. */
const GAIN_DB = [-40, 8] as const;

/**
 * Mixes a window of sound to ask a teacher about: perhaps noise, perhaps a bed, and sounds over it, in rooms, through
 * microphones, faster or slower, at any level.
 */
export function mixLesson(
  groups: readonly SoundGroup[],
  { seconds, sampleRate, random }: {
    readonly seconds: number;
    readonly sampleRate: number;
    readonly random: Random;
  },
): Float32Array {
  const window = new Float32Array(secondsToSamples(seconds, sampleRate));
  if (random.next() < NOISE_SHARE) {
    const [white, pink, tint] = [createNoise(random), createPinkNoise(random), random.next()];
    const noise = window.map(() => tint * white() + (1 - tint) * pink());
    addAt(window, noise, { db: random.uniform(...NOISE_DB), random });
  }
  const options = { sampleRate, random, config: MIXTURE };
  if (random.next() < BED_SHARE) {
    const { samples } = pickSound(groups, random);
    const spare = Math.max(0, samples.length - 2 * window.length);
    const from = random.integer(spare + 1);
    const bed = vary(samples.subarray(from, from + 2 * window.length), { ...options, room: false }).samples;
    addAt(window, bed, { db: random.uniform(...BED_DB), random });
  }
  const count = random.integer(MOST_SOUNDS + 1);
  for (let i = 0; i < count; i++) placeClip(window, pickSound(groups, random), options);
  const gain = dbToGain(random.uniform(...GAIN_DB));
  return window.map((value) => Math.max(-1, Math.min(1, gain * value)));
}

function pickSound(groups: readonly SoundGroup[], random: Random): Clip {
  let left = random.next() * groups.reduce((sum, { share }) => sum + share, 0);
  const group = groups.find(({ share }) => (left -= share) < 0) ?? groups.at(-1)!;
  return random.pick(group.sounds);
}

/** Adds a sound at a random place, as far as it lies within the window, at a level. */
function addAt(
  window: Float32Array,
  sound: Float32Array,
  { db, random }: { readonly db: number; readonly random: Random },
): void {
  const gain = dbToGain(db - Math.max(-60, levelDb(sound)));
  const spare = sound.length - window.length;
  const at = spare > 0 ? -random.integer(spare + 1) : random.integer(1 - spare);
  for (let n = Math.max(0, at); n < Math.min(window.length, at + sound.length); n++) {
    window[n]! += gain * sound[n - at]!;
  }
}
