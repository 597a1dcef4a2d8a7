import { mergeSpans, type TimeSpan } from "lib/base/events/time_span.ts";
import type { MediaPlaylist, MediaSegment } from "lib/media/hls/media_playlist.ts";

/** Consecutive segments that cover a window. */
interface SegmentRun {
  /** The window, cut to the recording. */
  readonly window: TimeSpan;
  readonly segments: readonly MediaSegment[];
  /** Parts of the window that the platform has silenced. */
  readonly muted: readonly TimeSpan[];
}

/**
 * The segments that cover a window, and no others. A discontinuity inside it is no obstacle: the media goes on there
 * with other timestamps.
 *
 * @returns Nothing where the window lies outside of the recording.
 */
export function planSegments(playlist: MediaPlaylist, window: TimeSpan): SegmentRun | undefined {
  const cut = { start: Math.max(0, window.start), end: Math.min(playlist.duration, window.end) };
  if (!(cut.end > cut.start)) return undefined;
  const segments = playlist.segments.filter((segment) => overlaps(segment, cut));
  if (segments.length === 0) return undefined;
  const muted = segments.filter((segment) => segment.muted).map((segment) => ({
    start: Math.max(cut.start, segment.start),
    end: Math.min(cut.end, segment.start + segment.duration),
  }));
  return { window: cut, segments, muted: mergeSpans(muted) };
}

/** All muted parts of a recording. */
export function mutedSpans(playlist: MediaPlaylist): TimeSpan[] {
  return mergeSpans(
    playlist.segments.filter((segment) => segment.muted)
      .map((segment) => ({ start: segment.start, end: segment.start + segment.duration })),
  );
}

function overlaps(segment: MediaSegment, window: TimeSpan): boolean {
  return segment.start < window.end && segment.start + segment.duration > window.start;
}
