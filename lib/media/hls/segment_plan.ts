import type { MediaPlaylist, MediaSegment } from "lib/media/hls/media_playlist.ts";

/** A stretch of a recording, in seconds from its start; `end` is after `start`. */
export interface TimeWindow {
  readonly start: number;
  readonly end: number;
}

/** Consecutive segments that cover a window. */
interface SegmentRun {
  /** The window, cut to the recording. */
  readonly window: TimeWindow;
  readonly segments: readonly MediaSegment[];
  /** Parts of the window that the platform has silenced. */
  readonly muted: readonly TimeWindow[];
}

/** Joins windows that overlap or touch, in the order of time. */
export function mergeWindows(windows: readonly TimeWindow[]): TimeWindow[] {
  const merged: TimeWindow[] = [];
  for (const window of windows.toSorted((a, b) => a.start - b.start)) {
    if (!(window.end > window.start)) continue;
    const last = merged.at(-1);
    if (last && window.start <= last.end) {
      merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, window.end) };
    } else merged.push(window);
  }
  return merged;
}

/**
 * The segments that cover a window, and no others. A discontinuity inside it is no obstacle: the media goes on there
 * with other timestamps.
 *
 * @returns Nothing where the window lies outside of the recording.
 */
export function planSegments(playlist: MediaPlaylist, window: TimeWindow): SegmentRun | undefined {
  const cut = { start: Math.max(0, window.start), end: Math.min(playlist.duration, window.end) };
  if (!(cut.end > cut.start)) return undefined;
  const segments = playlist.segments.filter((segment) => overlaps(segment, cut));
  if (segments.length === 0) return undefined;
  const muted = segments.filter((segment) => segment.muted).map((segment) => ({
    start: Math.max(cut.start, segment.start),
    end: Math.min(cut.end, segment.start + segment.duration),
  }));
  return { window: cut, segments, muted: mergeWindows(muted) };
}

/** All muted parts of a recording. */
export function mutedWindows(playlist: MediaPlaylist): TimeWindow[] {
  return mergeWindows(
    playlist.segments.filter((segment) => segment.muted)
      .map((segment) => ({ start: segment.start, end: segment.start + segment.duration })),
  );
}

function overlaps(segment: MediaSegment, window: TimeWindow): boolean {
  return segment.start < window.end && segment.start + segment.duration > window.start;
}
