import type { Random } from "lib/base/numbers/random.ts";
import type { Clock } from "lib/base/system/clock.ts";
import { type MediaPlaylist, type MediaSegment, parseMediaPlaylist } from "lib/media/hls/media_playlist.ts";
import type { PlaybackSource, VodAccess } from "lib/media/hls/playback_source.ts";
import { openSegmentCache, type SegmentCache } from "lib/media/hls/segment_cache.ts";
import { createSegmentReader } from "lib/media/hls/segment_reader.ts";
import type { HttpClient } from "lib/media/net/http_client.ts";
import { RequestError } from "lib/media/net/request_error.ts";

/** What opening a VOD needs. */
export interface OpenVodOptions {
  readonly access: VodAccess;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly random: Random;
  /** Quality (`VIDEO_QUALITY`); the lowest with sound by default. */
  readonly quality?: string | undefined;
  /** Folder in which the segments of this VOD are kept; nothing is kept without it. */
  readonly cacheFolder?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told of media that is damaged for good and used all the same. */
  readonly onWarning?: ((text: string) => void) | undefined;
}

/** A recording on a platform whose media can be read piece by piece. */
export interface Vod {
  readonly vodId: string;
  /** Name of the rendition that is read. */
  readonly rendition: string;
  /** The playlist as read last; it grows while the stream runs. */
  readonly playlist: MediaPlaylist;
  /** Number of segments fetched from the server since opening, without those that were kept. */
  readonly fetchedSegments: number;
  /** Reads the playlist again, with a new permission. */
  refresh(signal?: AbortSignal): Promise<MediaPlaylist>;
  /**
   * Bytes of one segment, checked, from disk where they are kept.
   * @throws {RequestError} `missing` for a segment that is gone, `unexpected-answer` for one that is no media.
   */
  readSegment(segment: MediaSegment, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
  /** Why a segment that was read is not all there, in words; nothing for one that is. */
  whyCut(segment: MediaSegment): string | undefined;
  /** Header that goes before the segment (fragmented MP4); nothing where it needs none. */
  readHeader(segment: MediaSegment, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer> | undefined>;
}

/**
 * Opens a VOD: permission, playlist of the rendition, nothing more.
 * @throws {RequestError} saying why it cannot be played; `RangeError` for a quality that is not offered.
 */
export async function openVod(vodId: string, options: OpenVodOptions): Promise<Vod> {
  const { access, http, quality } = options;
  let source: PlaybackSource;
  let playlist: MediaPlaylist;
  let refreshing: Promise<MediaPlaylist> | undefined;

  async function load(signal: AbortSignal | undefined): Promise<MediaPlaylist> {
    source = await access.openVod(vodId, { quality, signal });
    const what = `the playlist of VOD ${vodId}`;
    const request = { url: source.playlistUrl, headers: source.headers ?? {}, what, signal };
    const answer = await http.request(request);
    if (answer.status !== 200) {
      const message = `The server answered ${answer.status} for ${what}`;
      throw new RequestError(answer.status === 403 ? "expired-link" : "missing", message, {
        status: answer.status,
      });
    }
    try {
      playlist = parseMediaPlaylist(new TextDecoder().decode(answer.body), source.playlistUrl);
    } catch (cause) {
      throw new RequestError("unexpected-answer", `Cannot read ${what}: ${(cause as Error).message}`, {
        cause,
      });
    }
    if (playlist.segments.length === 0) throw new RequestError("missing", `VOD ${vodId} has no media (yet)`);
    return playlist;
  }

  /** Several readers may find at once that their permission has ended; one new permission serves them all. */
  function refresh(signal?: AbortSignal): Promise<MediaPlaylist> {
    refreshing ??= load(signal).finally(() => refreshing = undefined);
    return refreshing;
  }

  playlist = await load(options.signal);
  const { choiceNote } = source!;
  if (choiceNote !== undefined) options.onWarning?.(`VOD ${vodId}: ${choiceNote}`);
  const cache: SegmentCache | undefined = options.cacheFolder === undefined
    ? undefined
    : await openSegmentCache(options.cacheFolder);
  const reader = createSegmentReader({
    http,
    cache,
    clock: options.clock,
    random: options.random,
    onWarning: options.onWarning ?? (() => {}),
    headers: () => source.headers ?? {},
    playlistUrl: () => source.playlistUrl,
    what: `of VOD ${vodId}`,
    renew: async (segment, signal) => {
      const fresh = await refresh(signal);
      return fresh.segments.find((candidate) => candidate.sequence === segment.sequence);
    },
  });
  return {
    vodId,
    get rendition() {
      return source.rendition.name;
    },
    get playlist() {
      return playlist;
    },
    get fetchedSegments() {
      return reader.fetched;
    },
    refresh,
    whyCut: reader.whyCut,
    readSegment: reader.readSegment,
    readHeader: reader.readHeader,
  };
}
