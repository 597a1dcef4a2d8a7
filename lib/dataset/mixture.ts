import { secondsToSamples } from "lib/events/time_grid.ts";
import type { Random } from "lib/system/random.ts";
import { addReverberation, changeSpeed, equalise, tiltSpectrum } from "lib/dataset/augment.ts";
import { findActivity, type SampleRange } from "lib/dataset/activity.ts";
import { type Clip, dbToGain, levelDb } from "lib/dataset/clip.ts";

/** How training windows are mixed out of clips. Every range is drawn from evenly. */
export interface MixtureConfig {
  /** Length of a window, in seconds. */
  readonly windowSeconds: number;
  /** Share of windows that hold an event. */
  readonly positiveShare: number;
  /** Most background clips in a window. */
  readonly maxBackgrounds: number;
  /** Level of each background clip, in dB relative to full scale. */
  readonly backgroundDb: readonly [number, number];
  /** Share of windows into which another sound is placed just as an event would be. */
  readonly distractorShare: number;
  /** Share of these that are drawn by how readily the network takes them for an event. */
  readonly hardShare: number;
  /** Level of events and distractors over what is under them, in dB. */
  readonly snrDb: readonly [number, number];
  /** Gain over the whole window, in dB. */
  readonly gainDb: readonly [number, number];
  /** Largest relative change of speed. */
  readonly speed: number;
  /** Largest spectral tilt. */
  readonly tilt: number;
  /** Share of events and distractors that are given an equaliser band, and its largest gain in dB. */
  readonly equaliserShare: number;
  readonly equaliserDb: number;
  /** Share of events and distractors that are placed in a room. */
  readonly roomShare: number;
  /** Share of windows that are low-passed as a cheap microphone or codec would. */
  readonly lowPassShare: number;
}

export const DEFAULT_MIXTURE = Object.freeze(
  {
    windowSeconds: 2.56,
    positiveShare: 0.5,
    maxBackgrounds: 3,
    backgroundDb: [-45, -22],
    distractorShare: 0.6,
    hardShare: 0.6,
    snrDb: [-2, 15],
    gainDb: [-12, 6],
    speed: 0.12,
    tilt: 0.7,
    equaliserShare: 0.5,
    equaliserDb: 9,
    roomShare: 0.5,
    lowPassShare: 0,
  } as const satisfies MixtureConfig,
);

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
  /** How readily the network takes each negative for an event, from 0 to 1; all alike if left out. */
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
  const backgrounds = 1 + random.integer(config.maxBackgrounds);
  for (let k = 0; k < backgrounds; k++) {
    const clip = cropTo(random.pick(pools.negatives).samples, length * (1 + config.speed), random);
    const { samples: varied } = vary(clip, { sampleRate, random, config, room: false });
    const gain = dbToGain(random.uniform(...config.backgroundDb) - Math.max(levelDb(varied), -60));
    addCropped(samples, varied, gain, random);
  }
  if (random.next() < config.distractorShare) {
    const clip = random.next() < config.hardShare ? pickHard(pools, random) : random.pick(pools.negatives);
    place(samples, clip, { sampleRate, random, config });
  }
  let event = -1;
  let extent: SampleRange = { start: 0, end: 0 };
  let active: readonly SampleRange[] = [];
  if (random.next() < config.positiveShare) {
    event = random.integer(pools.positives.length);
    const placed = place(samples, random.pick(pools.positives[event]!), { sampleRate, random, config });
    extent = placed.extent;
    active = placed.active;
  }
  const gain = dbToGain(random.uniform(...config.gainDb));
  for (let n = 0; n < length; n++) samples[n] = samples[n]! * gain;
  return { samples, event, extent, active };
}

/** A negative, drawn in proportion to its hardness (and a little, so that none is forgotten). */
function pickHard({ negatives, hardness }: ClipPools, random: Random): Clip {
  if (!hardness) return random.pick(negatives);
  let total = 0;
  for (const value of hardness) total += value + 0.01;
  let left = random.next() * total;
  for (let i = 0; i < hardness.length; i++) {
    left -= hardness[i]! + 0.01;
    if (left < 0) return negatives[i]!;
  }
  return negatives.at(-1)!;
}

interface VaryOptions {
  readonly sampleRate: number;
  readonly random: Random;
  readonly config: MixtureConfig;
}

/** A variation of a clip: other speed, tilt, and perhaps microphone and room. */
function vary(
  clip: Float32Array,
  { sampleRate, random, config, room }: VaryOptions & { readonly room: boolean },
): { samples: Float32Array; rate: number } {
  const rate = random.uniform(1 - config.speed, 1 + config.speed);
  let samples = changeSpeed(clip, rate);
  tiltSpectrum(samples, random.uniform(-config.tilt, config.tilt));
  if (!room) return { samples, rate };
  if (random.next() < config.equaliserShare) {
    const centre = 80 * (0.4 * sampleRate / 80) ** random.next();
    equalise(samples, sampleRate, {
      centre,
      gainDb: random.uniform(-config.equaliserDb, config.equaliserDb),
      q: random.uniform(0.5, 2),
    });
  }
  if (random.next() < config.roomShare) {
    const decay = random.uniform(0.05, 0.4);
    samples = addReverberation(samples, sampleRate, { decay, wetDb: random.uniform(-15, 2), random });
  }
  return { samples, rate };
}

// Finding out where a clip sounds costs more than placing it, and clips are placed thousands of times.
const activities = new WeakMap<Clip, readonly SampleRange[]>();

function activityOf(clip: Clip, sampleRate: number): readonly SampleRange[] {
  let ranges = activities.get(clip);
  if (!ranges) activities.set(clip, ranges = findActivity(clip.samples, sampleRate));
  return ranges;
}

/** The clip, or of a clip longer than `length` a part around one of the stretches in which it sounds. */
function partToPlace(
  clip: Clip,
  length: number,
  { sampleRate, random }: { readonly sampleRate: number; readonly random: Random },
): { samples: Float32Array; activity: readonly SampleRange[] } {
  const activity = activityOf(clip, sampleRate);
  if (clip.samples.length <= length) return { samples: clip.samples, activity };
  const { start, end } = activity[random.integer(Math.max(1, activity.length))] ?? { start: 0, end: length };
  const from = Math.max(0, Math.min(clip.samples.length - length, Math.round((start + end - length) / 2)));
  return {
    samples: clip.samples.subarray(from, from + length),
    activity: activity
      .map((range) => ({ start: Math.max(0, range.start - from), end: Math.min(length, range.end - from) }))
      .filter((range) => range.end > range.start),
  };
}

/** Adds a clip somewhere into the window, so that at least two thirds of it are inside. */
function place(
  window: Float32Array,
  clip: Clip,
  { sampleRate, random, config }: VaryOptions,
): { extent: SampleRange; active: SampleRange[] } {
  const part = partToPlace(clip, window.length, { sampleRate, random });
  const { samples: varied, rate } = vary(part.samples, { sampleRate, random, config, room: true });
  const activity = part.activity.map(({ start, end }) => ({
    start: Math.round(start / rate),
    end: Math.min(varied.length, Math.round(end / rate)),
  }));
  const size = Math.min(varied.length, window.length);
  const margin = Math.floor(size / 3);
  const at = random.integer(window.length - size + 2 * margin + 1) - margin;
  const start = Math.max(0, at);
  const end = Math.min(window.length, at + varied.length);
  let foreground = 0;
  let count = 0;
  for (const range of activity) {
    for (let n = Math.max(range.start, start - at); n < Math.min(range.end, end - at); n++) {
      foreground += varied[n]! * varied[n]!;
      count++;
    }
  }
  const foregroundDb = 10 * Math.log10(foreground / Math.max(1, count) + 1e-12);
  const underDb = Math.max(levelDb(window, start, end), -45);
  const gain = dbToGain(Math.min(60, underDb + random.uniform(...config.snrDb) - foregroundDb));
  for (let n = start; n < end; n++) window[n] = window[n]! + gain * varied[n - at]!;
  const active = activity
    .map((range) => ({ start: Math.max(start, range.start + at), end: Math.min(end, range.end + at) }))
    .filter((range) => range.end > range.start);
  return { extent: { start, end }, active };
}

/** A random part of at most `length` samples. */
function cropTo(samples: Float32Array, length: number, random: Random): Float32Array {
  const size = Math.ceil(length);
  if (samples.length <= size) return samples;
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
