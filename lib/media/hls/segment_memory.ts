import type { TimeSpan } from "lib/base/events/time_span.ts";
import type { MediaSegment } from "lib/media/hls/media_playlist.ts";
import type { Vod } from "lib/media/hls/vod.ts";

/** A VOD whose segments need not be fetched twice for what was found in them. */
interface RememberingVod extends Vod {
  /** Holds the segments of a window, those that are still to be read too, as far as there is room. */
  hold(window: TimeSpan): void;
}

/** Segments that were read last, in bytes: what a detector finds lies some seconds back. */
const RECENT_BYTES = 48 << 20;
/** Segments that are held; of more than that, some are fetched again. */
const HELD_BYTES = 192 << 20;

/** Makes it; memory is bounded, however long the VOD is. */
export function rememberSegments(vod: Vod): RememberingVod {
  const recent = new Map<number, Uint8Array<ArrayBuffer>>();
  const held = new Map<number, Uint8Array<ArrayBuffer>>();
  const wanted = new Set<number>();
  let [recentBytes, heldBytes] = [0, 0];

  function keep({ sequence }: MediaSegment, bytes: Uint8Array<ArrayBuffer>): void {
    if (held.has(sequence)) return;
    if (wanted.has(sequence) && heldBytes + bytes.length <= HELD_BYTES) {
      held.set(sequence, bytes);
      heldBytes += bytes.length;
      return;
    }
    if (!recent.has(sequence)) recentBytes += bytes.length;
    recent.set(sequence, bytes);
    for (const [oldest, { length }] of recent) {
      if (recentBytes <= RECENT_BYTES) break;
      recent.delete(oldest);
      recentBytes -= length;
    }
  }

  return {
    vodId: vod.vodId,
    get rendition() {
      return vod.rendition;
    },
    get playlist() {
      return vod.playlist;
    },
    get fetchedSegments() {
      return vod.fetchedSegments;
    },
    refresh: (signal) => vod.refresh(signal),
    whyCut: (segment) => vod.whyCut(segment),
    readHeader: (segment, signal) => vod.readHeader(segment, signal),
    async readSegment(segment, signal) {
      const known = held.get(segment.sequence) ?? recent.get(segment.sequence);
      if (known) return known;
      const bytes = await vod.readSegment(segment, signal);
      keep(segment, bytes);
      return bytes;
    },
    hold({ start, end }) {
      for (const segment of vod.playlist.segments) {
        if (segment.start >= end || segment.start + segment.duration <= start) continue;
        wanted.add(segment.sequence);
        const bytes = recent.get(segment.sequence);
        if (!bytes) continue;
        recent.delete(segment.sequence);
        recentBytes -= bytes.length;
        keep(segment, bytes);
      }
    },
  };
}
