import type { TimeSpan } from "lib/base/events/time_span.ts";

/** How much of a recording a clip holds around a sound, in seconds. */
interface ClipLengths {
  /** Before the onset. */
  readonly before: number;
  /** After the offset. */
  readonly after: number;
  /** Shortest and longest clip. */
  readonly shortest: number;
  readonly longest: number;
}

/**
 * Onsets that are found by level alone are some tenths of a second late, and a candidate may begin with an earlier onset close
 * by; two seconds hold most burps with room around.
 */
export const DEFAULT_CLIP_LENGTHS = Object.freeze({
  before: 0.8,
  after: 0.5,
  shortest: 2,
  longest: 5,
}) satisfies ClipLengths;

/** How far clips may reach out of the window that their onsets lie in, in seconds. */
export const CLIP_REACH = Object.freeze({
  before: DEFAULT_CLIP_LENGTHS.before,
  after: DEFAULT_CLIP_LENGTHS.longest - DEFAULT_CLIP_LENGTHS.before,
});

/** The part of a recording that becomes the clip of a sound. */
export function clipSpan(
  sound: { readonly onset: number; readonly offset: number },
  lengths: ClipLengths = DEFAULT_CLIP_LENGTHS,
): TimeSpan {
  const { before, after, shortest, longest } = lengths;
  const start = Math.max(0, sound.onset - before);
  return { start, end: start + Math.min(longest, Math.max(shortest, sound.offset + after - start)) };
}

/**
 * Name of a clip: the recording it is from, by which clips are grouped, then when it begins, to the millisecond:
 * `1746376348_0h12m34s500.wav`.
 *
 * @param start In seconds.
 */
export function clipName(recordingName: string, start: number): string {
  const total = Math.round(start * 1000);
  const pad = (value: number, digits: number) => String(value).padStart(digits, "0");
  const seconds = Math.floor(total / 1000);
  const clock = `${Math.floor(seconds / 3600)}h${pad(Math.floor(seconds / 60) % 60, 2)}m${
    pad(seconds % 60, 2)
  }s`;
  return `${recordingName}_${clock}${pad(total % 1000, 3)}.wav`;
}
