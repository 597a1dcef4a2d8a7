import { secondsToSamples } from "lib/base/events/time_grid.ts";

/** How {@link findActivity} tells sound from the quiet around it. */
interface ActivityOptions {
  /** Length of the level window, in seconds. */
  readonly window?: number;
  /** How far below its loudest window a clip still counts as active, in dB. */
  readonly rangeDb?: number;
  /** Pauses up to this length inside the sound count as active, in seconds. */
  readonly maxPause?: number;
}

/** A stretch of samples, from `start` up to and without `end`. */
export interface SampleRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Where a labelled clip sounds: windows whose level is within `rangeDb` of the loudest one, with short
 * pauses closed. Clips are labelled as a whole, so this tells the trainer which frames surely hold the sound;
 * the others are neither taken as the sound nor against it.
 *
 * @returns Ranges in samples, in order and disjoint; none for digital silence.
 */
export function findActivity(
  samples: Float32Array,
  sampleRate: number,
  { window = 0.04, rangeDb = 20, maxPause = 0.2 }: ActivityOptions = {},
): SampleRange[] {
  const size = Math.max(1, secondsToSamples(window, sampleRate));
  const windows = Math.ceil(samples.length / size);
  const power = new Float64Array(windows);
  let loudest = 0;
  for (let w = 0; w < windows; w++) {
    const end = Math.min(samples.length, (w + 1) * size);
    let sum = 0;
    for (let n = w * size; n < end; n++) sum += samples[n]! * samples[n]!;
    power[w] = sum / (end - w * size);
    loudest = Math.max(loudest, power[w]!);
  }
  if (loudest <= 1e-12) return [];
  const threshold = loudest * 10 ** (-rangeDb / 10);
  const ranges: { start: number; end: number }[] = [];
  for (let w = 0; w < windows; w++) {
    if (power[w]! < threshold) continue;
    const start = w * size;
    const end = Math.min(samples.length, (w + 1) * size);
    const last = ranges.at(-1);
    if (last && start - last.end <= maxPause * sampleRate) last.end = end;
    else ranges.push({ start, end });
  }
  return ranges;
}
