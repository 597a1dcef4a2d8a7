import { secondsToSamples } from "lib/base/events/time_grid.ts";
import type { TimeSpan } from "lib/base/events/time_span.ts";

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
): TimeSpan[] {
  const shortest = Math.max(1, secondsToSamples(minSeconds, sampleRate));
  const found: TimeSpan[] = [];
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
