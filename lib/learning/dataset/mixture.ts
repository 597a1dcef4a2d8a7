import { secondsToSamples } from "lib/base/events/time_grid.ts";
import type { Random } from "lib/base/numbers/random.ts";
import type { SampleRange } from "lib/learning/dataset/activity.ts";
import { type Background, backgroundSamples } from "lib/learning/dataset/background.ts";
import { type Clip, dbToGain, levelDb } from "lib/learning/dataset/clip.ts";
import { DEFAULT_MIXTURE, type MixtureConfig } from "lib/learning/dataset/mixture_config.ts";
import { placeClip, vary } from "lib/learning/dataset/place_clip.ts";
import type { Samples } from "lib/media/audio/stored_samples.ts";

/** A window of sound and where in it the event is. */
export interface Mixture {
  /** Mono samples, `windowSeconds` long. */
  readonly samples: Float32Array;
  /** Index of the event among the positives' events; -1 for a window without one. */
  readonly event: number;
  /** Samples over which the placed clip extends; nothing is known of the frames between `active` ones. */
  readonly extent: SampleRange;
  /** Samples in which the event surely sounds. */
  readonly active: readonly SampleRange[];
}

/** Clips to mix: per event its positives, and the negatives. */
export interface ClipPools {
  readonly positives: readonly (readonly Clip[])[];
  readonly negatives: readonly Clip[];
  /** Windows of recordings without any event, as they are. */
  readonly background?: Background | undefined;
  /**
   * How readily the network takes each negative, and after them each window of background, for an event, from 0 to 1; all
   * alike if left out.
   */
  readonly hardness?: Float32Array;
}

/** Mixes one training window: backgrounds, perhaps a distractor, perhaps an event. */
export function mixWindow(
  pools: ClipPools,
  { sampleRate, random, config = DEFAULT_MIXTURE }: {
    readonly sampleRate: number;
    readonly random: Random;
    readonly config?: MixtureConfig;
  },
): Mixture {
  const length = secondsToSamples(config.windowSeconds, sampleRate);
  const samples = new Float32Array(length);
  const { background } = pools;
  // Without background no random number more is drawn: batches stay what they were.
  if (background?.stretches.length && random.next() < config.recordingShare) {
    const stretch = random.next() < config.hardShare
      ? pickHard(background.stretches, pools.hardness?.subarray(pools.negatives.length), random)
      : random.pick(background.stretches);
    // At its own level: how loud rooms are is what a recording shows and clips do not.
    const { samples: varied } = vary(backgroundSamples(background, stretch), {
      sampleRate,
      random,
      config,
      room: false,
    });
    addCropped(samples, varied, 1, random);
  } else {
    const backgrounds = 1 + random.integer(config.maxBackgrounds);
    for (let k = 0; k < backgrounds; k++) {
      const clip = cropTo(random.pick(pools.negatives).samples, length * (1 + config.speed), random);
      const { samples: varied } = vary(clip, { sampleRate, random, config, room: false });
      const gain = dbToGain(random.uniform(...config.backgroundDb) - Math.max(levelDb(varied), -60));
      addCropped(samples, varied, gain, random);
    }
  }
  if (random.next() < config.distractorShare) {
    const clip = random.next() < config.hardShare
      ? pickHard(pools.negatives, pools.hardness?.subarray(0, pools.negatives.length), random)
      : random.pick(pools.negatives);
    placeClip(samples, clip, { sampleRate, random, config });
  }
  let event = -1;
  let extent: SampleRange = { start: 0, end: 0 };
  let active: readonly SampleRange[] = [];
  if (random.next() < config.positiveShare) {
    event = random.integer(pools.positives.length);
    const placed = placeClip(samples, random.pick(pools.positives[event]!), { sampleRate, random, config });
    extent = placed.extent;
    active = placed.active;
  }
  const gain = dbToGain(random.uniform(...config.gainDb));
  for (let n = 0; n < length; n++) samples[n] = samples[n]! * gain;
  return { samples, event, extent, active };
}

/** One of some, drawn in proportion to its hardness (and a little, so that none is forgotten). */
function pickHard<T>(items: readonly T[], hardness: Float32Array | undefined, random: Random): T {
  if (!hardness) return random.pick(items);
  let total = 0;
  for (const value of hardness) total += value + 0.01;
  let left = random.next() * total;
  for (let i = 0; i < hardness.length; i++) {
    left -= hardness[i]! + 0.01;
    if (left < 0) return items[i]!;
  }
  return items.at(-1)!;
}

/** A random part of at most `length` samples. */
function cropTo(samples: Samples, length: number, random: Random): Float32Array {
  const size = Math.ceil(length);
  if (samples.length <= size) return samples.subarray();
  const from = random.integer(samples.length - size + 1);
  return samples.subarray(from, from + size);
}

/** Adds a random crop of a longer clip, or a shorter one at a random place. */
function addCropped(window: Float32Array, clip: Float32Array, gain: number, random: Random): void {
  const spare = clip.length - window.length;
  const at = spare > 0 ? -random.integer(spare + 1) : random.integer(1 - spare);
  const end = Math.min(window.length, at + clip.length);
  for (let n = Math.max(0, at); n < end; n++) window[n] = window[n]! + gain * clip[n - at]!;
}
