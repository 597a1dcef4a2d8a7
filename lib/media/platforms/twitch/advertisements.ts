import type { PlaylistSigns, SegmentSigns } from "lib/media/hls/advertisement_rule.ts";

const AD_CLASS = /\bstitched-ad\b/i;
const AD_TITLE = /\bamazon\b/i;

/**
 * Twitch's advertisements: their segments are titled `Amazon` and a number, and lie inside of a date range of class
 * `twitch-stitched-ad`. Either sign is enough: to keep silent about a moment of the stream is better than to answer an
 * advertisement.
 */
export function isTwitchAdvertisement(
  { title, wallClockMs, duration }: SegmentSigns,
  { dateRanges }: PlaylistSigns,
): boolean {
  if (AD_TITLE.test(title)) return true;
  if (wallClockMs === undefined) return false;
  // Ranges and segments do not meet to the millisecond; the middle of the segment decides.
  const middleMs = wallClockMs + duration * 500;
  return dateRanges.some((range) => {
    if (!AD_CLASS.test(String(range.class ?? "")) && !AD_CLASS.test(String(range.id ?? ""))) return false;
    const startMs = toMs(range.startDate);
    const seconds = Number(range.duration ?? range.plannedDuration ?? NaN);
    const endMs = Number.isFinite(seconds) ? startMs + seconds * 1000 : toMs(range.endDate);
    return startMs <= middleMs && middleMs < endMs;
  });
}

function toMs(value: unknown): number {
  return value instanceof Date ? value.getTime() : Date.parse(String(value));
}
