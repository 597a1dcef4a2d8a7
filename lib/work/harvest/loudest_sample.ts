import type { TimeSpan } from "lib/base/events/time_span.ts";
import { HARVEST_RATE, type WindowSound } from "lib/work/harvest/recording_sound.ts";

/**
 * Time of the loudest sample in a window, in seconds: the plain way to find what a mention is about, against which better
 * ones are measured. Nothing where the window holds no sound.
 */
export function loudestSample({ start, samples }: WindowSound, window: TimeSpan): number | undefined {
  const first = Math.max(0, Math.round((window.start - start) * HARVEST_RATE));
  const last = Math.min(samples.length, Math.round((window.end - start) * HARVEST_RATE));
  let loudest = -1;
  let highest = 0;
  for (let n = first; n < last; n++) {
    const magnitude = Math.abs(samples[n]!);
    if (magnitude > highest) [highest, loudest] = [magnitude, n];
  }
  return loudest < 0 ? undefined : start + loudest / HARVEST_RATE;
}
