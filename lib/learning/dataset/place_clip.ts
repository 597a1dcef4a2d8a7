import type { Random } from "lib/base/numbers/random.ts";
import { findActivity, type SampleRange } from "lib/learning/dataset/activity.ts";
import { addReverberation, changeSpeed, equalise, tiltSpectrum } from "lib/learning/dataset/augment.ts";
import { type Clip, dbToGain, levelDb } from "lib/learning/dataset/clip.ts";
import type { MixtureConfig } from "lib/learning/dataset/mixture_config.ts";

/** What varying a clip needs. */
interface VaryOptions {
  readonly sampleRate: number;
  readonly random: Random;
  readonly config: MixtureConfig;
}

/** A variation of a clip: other speed, tilt, and perhaps microphone and room. */
export function vary(
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
  if (!ranges) activities.set(clip, ranges = findActivity(clip.samples.subarray(), sampleRate));
  return ranges;
}

/** The clip, or of a clip longer than `length` a part around one of the stretches in which it sounds. */
function partToPlace(
  clip: Clip,
  length: number,
  { sampleRate, random }: { readonly sampleRate: number; readonly random: Random },
): { samples: Float32Array; activity: readonly SampleRange[] } {
  const activity = activityOf(clip, sampleRate);
  if (clip.samples.length <= length) return { samples: clip.samples.subarray(), activity };
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
export function placeClip(
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
