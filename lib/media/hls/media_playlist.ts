import { type HlsManifest, parseHls, resolveEntry } from "lib/media/hls/hls_parser.ts";

/** A part of a file. */
export interface ByteRange {
  readonly offset: number;
  /** Number of bytes. */
  readonly length: number;
}

/** One piece of media. */
export interface MediaSegment {
  /** Media sequence number; the same piece keeps it when the playlist is read again. */
  readonly sequence: number;
  /** Absolute address. */
  readonly url: string;
  readonly byteRange?: ByteRange;
  /** Header that the piece needs before it (fragmented MP4). */
  readonly map?: { readonly url: string; readonly byteRange?: ByteRange };
  /** Start, in seconds from the start of the playlist's first segment. */
  readonly start: number;
  /** In seconds. */
  readonly duration: number;
  readonly title: string;
  /** Whether timestamps, codecs or content jump between the segment before and this one. */
  readonly discontinuity: boolean;
  /** Whether the platform has silenced it. */
  readonly muted: boolean;
  /** Wall-clock time of its start, in milliseconds since 1970. */
  readonly programDateTimeMs?: number;
}

/** A list of media segments in the order of play. */
export interface MediaPlaylist {
  readonly segments: readonly MediaSegment[];
  /** In seconds. */
  readonly targetDuration: number;
  readonly mediaSequence: number;
  readonly discontinuitySequence: number;
  /** Whether it is complete; a VOD of a running stream still grows. */
  readonly ended: boolean;
  /** Sum of the segments' durations, in seconds. */
  readonly duration: number;
  /** Attributes of `EXT-X-DATERANGE`, with names in camel case. */
  readonly dateRanges: readonly Readonly<Record<string, unknown>>[];
  /** Absolute addresses of segments announced before they are complete. */
  readonly prefetch: readonly string[];
}

/** How Twitch names the parts that it has silenced: playlists name `N-unmuted.ts` where only `N-muted.ts` is there. */
const MUTED = /-(?:un)?muted(?=\.[a-z0-9]+$)/i;

/**
 * Parses a media playlist.
 *
 * @param url Address that it was read from; entries are relative to it.
 * @throws {SyntaxError} if the text is no media playlist, is encrypted, or names odd entries.
 */
export function parseMediaPlaylist(text: string, url: string): MediaPlaylist {
  const manifest = parseHls(text);
  if (manifest.playlists) throw new SyntaxError("a master playlist came where a media playlist was expected");
  const mediaSequence = manifest.mediaSequence ?? 0;
  let start = 0;
  const segments = manifest.segments.map((segment, index) => {
    const read = readSegment(segment, { sequence: mediaSequence + index, start, url });
    start += segment.duration;
    return read;
  });
  return {
    segments,
    targetDuration: manifest.targetDuration ?? Math.max(0, ...segments.slice(0, 1000).map((s) => s.duration)),
    mediaSequence,
    discontinuitySequence: manifest.discontinuitySequence ?? 0,
    ended: manifest.endList === true,
    duration: start,
    dateRanges: manifest.dateRanges,
    prefetch: manifest.prefetch.map((entry) => resolveEntry(entry, url)),
  };
}

function readSegment(
  segment: HlsManifest["segments"][number],
  { sequence, start, url }: { sequence: number; start: number; url: string },
): MediaSegment {
  if (segment.key !== undefined) throw new SyntaxError("the media is encrypted, which we do not read");
  const address = new URL(resolveEntry(segment.uri, url));
  const muted = MUTED.test(address.pathname);
  // Playlists go on naming the part with sound, which is gone a day after the muting; the silent one stays.
  address.pathname = address.pathname.replace(MUTED, "-muted");
  const { byterange, map, programDateTime } = segment;
  return {
    sequence,
    url: address.href,
    ...(byterange ? { byteRange: byterange } : {}),
    ...(map
      ? { map: { url: resolveEntry(map.uri, url), ...(map.byterange ? { byteRange: map.byterange } : {}) } }
      : {}),
    start,
    duration: segment.duration,
    title: segment.title ?? "",
    discontinuity: segment.discontinuity === true,
    muted,
    ...(programDateTime === undefined ? {} : { programDateTimeMs: programDateTime }),
  };
}
