import type { SoundEvent } from "lib/base/events/sound_event.ts";
import type { TimeSpan } from "lib/base/events/time_span.ts";

/** Where a time of an episode lies when spans of it are gone, in seconds. */
export function movedTime(seconds: number, removed: readonly TimeSpan[]): number {
  return removed.reduce(
    (time, { start, end }) => time - Math.max(0, Math.min(seconds, end) - start),
    seconds,
  );
}

/** Chapters as they lie when spans of the episode are gone; those of which nothing is left are none any more. */
export function movedChapters<Chapter extends SoundEvent>(
  chapters: readonly Chapter[],
  removed: readonly TimeSpan[],
): Chapter[] {
  return chapters.map((chapter) => ({
    ...chapter,
    onset: movedTime(chapter.onset, removed),
    offset: movedTime(chapter.offset, removed),
  })).filter(({ onset, offset }) => offset > onset);
}
