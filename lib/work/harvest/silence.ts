import { secondsToSamples } from "lib/base/events/time_grid.ts";
import type { TimeWindow } from "lib/media/hls/segment_plan.ts";

/** How {@link findSilence} decides. */
interface SilenceOptions {
  /** In Hz. */
  readonly sampleRate: number;
  /** Time of the first sample, in seconds; 0 by default. */
  readonly startTime?: number;
  /** Shorter silences are none, in seconds; 0.5 by default. */
  readonly minSeconds?: number;
}

/**
 * Highest magnitude of digital silence. Decoders dither by a step of 16 bits at most; a room with a microphone in it is
 * far above that.
 */
const SILENT_MAGNITUDE = 2.5 / 32768;

/**
 * Stretches of digital silence, as muting leaves them behind: every sample is next to nothing. Rooms that are merely
 * quiet do not count.
 *
 * @param samples Mono, from -1 to 1, shape [N].
 * @returns In the order of time, in seconds.
 */
export function findSilence(
  samples: Float32Array,
  { sampleRate, startTime = 0, minSeconds = 0.5 }: SilenceOptions,
): TimeWindow[] {
  const shortest = Math.max(1, secondsToSamples(minSeconds, sampleRate));
  const found: TimeWindow[] = [];
  let start = 0;
  for (let n = 0; n <= samples.length; n++) {
    if (n < samples.length && Math.abs(samples[n]!) <= SILENT_MAGNITUDE) continue;
    if (n - start >= shortest) {
      found.push({ start: startTime + start / sampleRate, end: startTime + n / sampleRate });
    }
    start = n + 1;
  }
  return found;
}

/** What is left of a window without others, in the order of time. */
export function subtractWindows(window: TimeWindow, others: readonly TimeWindow[]): TimeWindow[] {
  let rest = [window];
  for (const other of others) {
    rest = rest.flatMap((part) =>
      [
        { start: part.start, end: Math.min(part.end, other.start) },
        { start: Math.max(part.start, other.end), end: part.end },
      ].filter(({ start, end }) => end > start)
    );
  }
  return rest.toSorted((a, b) => a.start - b.start).filter((part, i, all) =>
    part.start !== all[i - 1]?.start || part.end !== all[i - 1]?.end
  );
}

/** Whether two windows share more than a moment. */
export function windowsOverlap(a: TimeWindow, b: TimeWindow): boolean {
  return a.start < b.end && b.start < a.end;
}
