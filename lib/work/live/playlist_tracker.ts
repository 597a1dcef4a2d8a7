import type { AdvertisementRule } from "lib/media/hls/advertisement_rule.ts";
import type { MediaPlaylist, MediaSegment } from "lib/media/hls/media_playlist.ts";
import { isAdvertisementAnywhere } from "lib/media/platforms/platforms.ts";

/** A segment of a live stream whose turn has come. */
export interface LiveSegment
  extends Pick<MediaSegment, "sequence" | "url" | "byteRange" | "map" | "duration"> {
  /** The broadcaster's clock at its start, in milliseconds since 1970. */
  readonly wallClockMs?: number | undefined;
  readonly discontinuity: boolean;
  readonly isAdvertisement: boolean;
  /** Whether it is announced before it is complete: the answer then comes while it is made. */
  readonly isPrefetch: boolean;
  /** Seconds of the stream that were never heard, between the segment before and this one. */
  readonly missingSeconds: number;
}

/** Keeps account of a playlist that is read again and again. */
interface PlaylistTracker {
  /** Takes the playlist as it is now, and gives the segments that are to be heard next, in order. */
  update(playlist: MediaPlaylist): LiveSegment[];
  /** Marks a segment that `update` gave as heard, and all before it as passed. */
  heard(segment: LiveSegment): void;
  /** Marks a segment as lost: the next one says how much is missing. */
  lost(segment: LiveSegment): void;
}

/** How a playlist is followed. */
export interface TrackerOptions {
  /** Complete segments from the end at which to begin; all of a playlist that has ended. Default 2. */
  readonly edgeSegments?: number;
  readonly isAdvertisement?: AdvertisementRule;
}

/** The broadcaster's clock is read off with some jitter; what is less is no gap, in seconds. */
const CLOCK_JITTER = 0.5;
/** Servers are not behind each other by more, in milliseconds. */
const LONGEST_DELAY_MS = 600_000;
const REMEMBERED_PATHS = 200;

/** Makes a tracker. A segment is given until it is marked, whatever address and number a new playlist gives it. */
export function createPlaylistTracker(options: TrackerOptions = {}): PlaylistTracker {
  const { edgeSegments = 2, isAdvertisement = isAdvertisementAnywhere } = options;
  let lastSequence: number | undefined;
  /** The broadcaster's clock at the end of what was heard or lost. */
  let endMs: number | undefined;
  let lostSeconds = 0;
  let lastWasAdvertisement = false;
  const paths = new Set<string>();

  const pass = ({ sequence, url, wallClockMs, duration, isAdvertisement }: LiveSegment): void => {
    lastSequence = sequence;
    endMs = wallClockMs === undefined ? endMs : wallClockMs + duration * 1000;
    lastWasAdvertisement = isAdvertisement;
    paths.add(new URL(url).pathname);
    if (paths.size > REMEMBERED_PATHS) paths.delete(paths.values().next().value!);
  };

  return {
    update(playlist) {
      const timed = withClock(playlist.segments);
      const all = timed.map((segment): LiveSegment => ({
        ...segment,
        isAdvertisement: isAdvertisement(segment, playlist),
        isPrefetch: false,
        missingSeconds: 0,
      }));
      const last = all.at(-1);
      if (last && !playlist.ended && !last.isAdvertisement && playlist.prefetch[0]) {
        all.push(prefetched(playlist.prefetch[0], last));
      }
      const isKnown = ({ url }: LiveSegment): boolean => paths.has(new URL(url).pathname);
      /** Whether it was on the air before what was heard; undefined where the clock tells nothing, or was set anew. */
      const isEarlier = ({ wallClockMs, duration }: LiveSegment): boolean | undefined => {
        if (wallClockMs === undefined || endMs === undefined) return undefined;
        const aheadMs = wallClockMs + duration * 500 - endMs;
        return aheadMs < -LONGEST_DELAY_MS ? undefined : aheadMs < 0;
      };
      const isOld = (segment: LiveSegment): boolean => isEarlier(segment) ?? isKnown(segment);
      // Numbers that run backwards: another broadcast, or a server that is behind.
      const restarted = lastSequence !== undefined && last !== undefined && last.sequence < lastSequence &&
        !isOld(last);
      let next: LiveSegment[];
      if (lastSequence === undefined) {
        const complete = all.filter((segment) => !segment.isPrefetch).length;
        next = playlist.ended ? all : all.slice(Math.max(0, complete - edgeSegments));
      } else if (restarted) {
        next = all.filter((segment) => !isOld(segment));
      } else {
        next = all.filter((segment) => segment.sequence > lastSequence!);
        // The same sound under new numbers must not be heard twice.
        next = next.slice(
          next.findLastIndex((segment) => isKnown(segment) && isEarlier(segment) !== false) + 1,
        );
      }
      const first = next[0];
      if (!first || lastSequence === undefined) return next;
      const skipped = restarted ? 0 : first.sequence - lastSequence - 1;
      const meanSeconds = playlist.duration / Math.max(1, playlist.segments.length);
      const byNumber = skipped * meanSeconds + lostSeconds;
      const byClock = first.wallClockMs !== undefined && endMs !== undefined
        ? (first.wallClockMs - endMs) / 1000 + lostSeconds
        : undefined;
      const missing = byClock === undefined || byClock < 0 ? byNumber : byClock;
      const jumps = byClock !== undefined && byClock < -CLOCK_JITTER;
      return [
        {
          ...first,
          missingSeconds: missing < CLOCK_JITTER && skipped === 0 && lostSeconds === 0 ? 0 : missing,
          discontinuity: first.discontinuity || restarted || jumps ||
            lastWasAdvertisement !== first.isAdvertisement,
        },
        ...next.slice(1),
      ];
    },
    heard(segment) {
      pass(segment);
      lostSeconds = 0;
    },
    lost(segment) {
      pass(segment);
      lostSeconds += segment.missingSeconds + segment.duration;
    },
  };
}

/** Only some segments state the clock; the others follow from their neighbours. */
function withClock(segments: readonly MediaSegment[]): (MediaSegment & { wallClockMs?: number })[] {
  const timed: (MediaSegment & { wallClockMs?: number })[] = segments.map((segment) => ({
    ...segment,
    ...(segment.programDateTimeMs === undefined ? {} : { wallClockMs: segment.programDateTimeMs }),
  }));
  for (let i = 1; i < timed.length; i++) {
    const before = timed[i - 1]!;
    if (timed[i]!.wallClockMs !== undefined || before.wallClockMs === undefined) continue;
    timed[i]!.wallClockMs = before.wallClockMs + before.duration * 1000;
  }
  for (let i = timed.length - 2; i >= 0; i--) {
    const after = timed[i + 1]!;
    if (timed[i]!.wallClockMs !== undefined || after.wallClockMs === undefined) continue;
    timed[i]!.wallClockMs = after.wallClockMs - timed[i]!.duration * 1000;
  }
  return timed;
}

function prefetched(url: string, last: LiveSegment): LiveSegment {
  return {
    ...(last.map ? { map: last.map } : {}),
    sequence: last.sequence + 1,
    url,
    duration: last.duration,
    ...(last.wallClockMs === undefined ? {} : { wallClockMs: last.wallClockMs + last.duration * 1000 }),
    discontinuity: false,
    isAdvertisement: false,
    isPrefetch: true,
    missingSeconds: 0,
  };
}
