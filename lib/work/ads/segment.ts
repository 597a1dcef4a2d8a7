import { compareByOnset, type SoundEvent } from "lib/base/events/sound_event.ts";

/** A stretch of an episode that is of one class; those of an episode follow each other from its start to its end. */
export interface Segment extends SoundEvent {
  /** What sort of its class it is, such as `sponsor`, where that is known. */
  readonly kind?: string;
}

/** Names of the two classes that an episode consists of. */
export interface ClassNames {
  /** What is looked for and may be cut out, such as `ad`. */
  readonly ad: string;
  /** Everything else, such as `content`. */
  readonly content: string;
}

export const DEFAULT_CLASSES: ClassNames = Object.freeze({ ad: "ad", content: "content" });

/**
 * Segments of a whole episode, of its breaks: those that overlap or touch are joined, what lies between is content.
 *
 * @param breaks In any order; what lies beyond the end is cut off.
 * @param duration Of the episode, in seconds.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { coverEpisode } from "lib/work/ads/segment.ts";
 *
 * const segments = coverEpisode([{ onset: 10, offset: 40, label: "ad" }], { duration: 60 });
 * assert.deepEqual(segments.map(({ label, onset }) => [label, onset]), [["content", 0], ["ad", 10], ["content", 40]]);
 * ```
 */
export function coverEpisode(
  breaks: readonly Segment[],
  { duration, classes = DEFAULT_CLASSES }: {
    readonly duration: number;
    readonly classes?: ClassNames | undefined;
  },
): Segment[] {
  const joined: Segment[] = [];
  for (const next of breaks.toSorted(compareByOnset)) {
    const last = joined.at(-1);
    const offset = Math.min(next.offset, duration);
    if (last && next.onset <= last.offset) {
      joined[joined.length - 1] = { ...last, offset: Math.max(last.offset, offset) };
    } else if (offset > next.onset) joined.push({ ...next, offset, label: classes.ad });
  }
  const segments: Segment[] = [];
  let at = 0;
  for (const part of joined) {
    if (part.onset > at) segments.push({ onset: at, offset: part.onset, label: classes.content });
    segments.push(part);
    at = part.offset;
  }
  if (at < duration) segments.push({ onset: at, offset: duration, label: classes.content });
  return segments;
}

/** Those of the segments that are of the class that is looked for. */
export function breaksOf(segments: readonly Segment[], { ad }: ClassNames = DEFAULT_CLASSES): Segment[] {
  return segments.filter(({ label }) => label === ad);
}
