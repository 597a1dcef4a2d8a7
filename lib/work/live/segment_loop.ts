import { errorMessage } from "lib/base/system/error_message.ts";
import { chooseRendition, parseMasterPlaylist } from "lib/media/hls/master_playlist.ts";
import { fetchPiece } from "lib/media/hls/media_piece.ts";
import { type MediaPlaylist, parseMediaPlaylist } from "lib/media/hls/media_playlist.ts";
import { inspectTransportStream, isTransportStream } from "lib/media/hls/transport_stream.ts";
import { createBackoff } from "lib/media/net/backoff.ts";
import { requestFound } from "lib/media/net/http_client.ts";
import { RequestError } from "lib/media/net/request_error.ts";
import { createLiveHttp, type LiveHttpOptions } from "lib/work/live/live_http.ts";
import type { LiveNotice } from "lib/work/live/live_item.ts";
import type { LiveSource } from "lib/work/live/live_source.ts";
import {
  createPlaylistTracker,
  type LiveSegment,
  type TrackerOptions,
} from "lib/work/live/playlist_tracker.ts";

/** A segment that has arrived, whole as far as can be seen. */
export interface ArrivedSegment {
  readonly kind: "segment";
  readonly segment: LiveSegment;
  /** Nothing for advertisements, which are not even fetched. */
  readonly bytes?: Uint8Array<ArrayBuffer>;
  /** Header of fragmented MP4. */
  readonly header?: Uint8Array<ArrayBuffer>;
  /** First time stamp of its sound on the encoder's clock, in seconds, where it can be read. */
  readonly soundStart?: number;
  /** On the clock's `monotonicMs()`. */
  readonly arrivedAtMs: number;
  /** Whether the stream was off the air before it: the time until then is no loss. */
  readonly afterOffline: boolean;
}

/** A notice whose place on the timeline is not known yet. */
export type LoopNotice = Pick<LiveNotice, "kind" | "what" | "text" | "seconds">;

/** What the loop needs besides its source. */
export interface SegmentLoopOptions extends LiveHttpOptions, TrackerOptions {
  readonly signal: AbortSignal;
  /** Ends with the broadcast instead of waiting for the next one. */
  readonly untilEnd?: boolean;
}

type HlsSource = Extract<LiveSource, { readonly kind: "channel" | "playlist" }>;

/** Without a new segment for so long we connect anew, in milliseconds; with the wait before it, found within 20 s. */
const STALL_MS = 15_000;
/** So often a segment is tried before the next one is, whatever is wrong with it. */
const SEGMENT_TRIES = 4;
/** How often we look whether a channel is live: more often in the first minutes after an end, for streams come back. */
const SOON_POLL_MS = 20_000;
const LATE_POLL_MS = 60_000;
const SOON_MS = 15 * 60_000;
/** A playlist holds the last half minute; so often we try within it, at the least, before its sound is gone. */
const TRIES_IN_WINDOW = 3;
const REFUSALS = new Set([401, 403, 404, 410]);

/**
 * Follows a live stream for ever: finds its playlist, reads it again and again, and gives its segments in order as they
 * arrive. What fails is tried again; what is lost is accounted for in the next segment's `missingSeconds`.
 */
export async function* readLiveSegments(
  source: HlsSource,
  options: SegmentLoopOptions,
): AsyncGenerator<ArrivedSegment | LoopNotice, void, void> {
  const { clock, random, signal } = options;
  const http = createLiveHttp(options);
  const backoff = createBackoff(random);
  const tracker = createPlaylistTracker(options);
  const tries = new Map<number, number>();
  const headers = new Map<string, Uint8Array<ArrayBuffer>>();
  let address: { readonly url: string; readonly headers?: Readonly<Record<string, string>> } | undefined;
  let newestMs = clock.monotonicMs();
  let liveUntilMs: number | undefined;
  let offline = false;
  /** Known once a playlist was read: what leaves it while we wait is lost. */
  let longestWaitMs = Infinity;

  const notice = (what: LoopNotice["what"], text: string, seconds?: number): LoopNotice => ({
    kind: "notice",
    what,
    text,
    ...(seconds === undefined ? {} : { seconds }),
  });
  const pollMs = (): number => {
    const recent = liveUntilMs !== undefined && clock.monotonicMs() - liveUntilMs < SOON_MS;
    return (recent ? SOON_POLL_MS : LATE_POLL_MS) * (0.75 + 0.5 * random.next());
  };
  const fetchHeader = async ({ map, sequence }: LiveSegment) => {
    if (!map) return undefined;
    const key = `${map.url} ${map.byteRange?.offset}`;
    const kept = headers.get(key);
    if (kept) return kept;
    const what = `the header of segment ${sequence}`;
    const request = { http, what, headers: address?.headers, signal };
    const { body } = await fetchPiece(map, request);
    headers.clear();
    headers.set(key, body);
    return body;
  };

  while (true) {
    signal.throwIfAborted();
    try {
      address ??= source.kind === "channel" ? await openChannel(source, signal) : { url: source.url };
      const { body } = await requestFound(http, {
        ...address,
        what: "the playlist",
        signal,
      });
      const playlist = readPlaylist(new TextDecoder().decode(body), address.url, source.quality);
      if (typeof playlist === "string") {
        address = { ...address, url: playlist };
        continue;
      }
      longestWaitMs = 1000 * playlist.duration / TRIES_IN_WINDOW;
      const pending = tracker.update(playlist);
      for (const segment of pending) {
        const arrived = await arrive(segment);
        if (arrived === undefined) {
          tracker.lost(segment);
          yield notice(
            "damaged",
            `Segment ${segment.sequence} is left out: it came damaged ${SEGMENT_TRIES} times`,
          );
          continue;
        }
        tracker.heard(segment);
        tries.clear();
        backoff.succeeded(segment.duration);
        newestMs = liveUntilMs = clock.monotonicMs();
        yield { ...arrived, afterOffline: offline };
        offline = false;
      }
      if (playlist.ended) {
        if (options.untilEnd) return;
        if (!offline) yield notice("ended", "The stream has ended");
        offline = true;
        address = source.kind === "channel" ? undefined : address;
        await clock.sleep(pollMs(), signal);
        newestMs = clock.monotonicMs();
        continue;
      }
      const silentMs = clock.monotonicMs() - newestMs;
      if (silentMs >= STALL_MS) {
        address = source.kind === "channel" ? undefined : { url: source.url };
        newestMs = clock.monotonicMs();
        const waitMs = backoff.failed({ atMostMs: longestWaitMs });
        yield notice(
          "stall",
          `Nothing new for ${Math.round(silentMs / 1000)} s; connecting anew`,
          silentMs / 1000,
        );
        await clock.sleep(waitMs, signal);
      } else if (pending.length === 0) {
        await clock.sleep(pauseMs(playlist), signal);
      }
    } catch (error) {
      signal.throwIfAborted();
      // A quality that there is not was asked for: waiting does not help, unless it was there before.
      if (error instanceof RangeError && liveUntilMs === undefined) throw error;
      if (error instanceof RequestError && error.problem === "offline") {
        if (!offline) yield notice("offline", error.message);
        offline = true;
        address = undefined;
        await clock.sleep(pollMs(), signal);
        newestMs = clock.monotonicMs();
        continue;
      }
      const refused = error instanceof RequestError && REFUSALS.has(error.status ?? 0);
      const atLeastMs = error instanceof RequestError ? error.retryAfterMs : undefined;
      const waitMs = backoff.failed({ atLeastMs, atMostMs: longestWaitMs });
      const text = errorMessage(error);
      yield notice("retry", `${text}; trying again`, waitMs / 1000);
      await clock.sleep(waitMs, signal);
      if (address && (refused || clock.monotonicMs() - newestMs >= STALL_MS)) {
        // Signed addresses end after a day, and a server may be taken out of service.
        if (source.kind === "channel") yield notice("renewed", "Asking for the stream's address again");
        address = undefined;
      }
    }
  }

  /** The segment, or nothing where it is to be passed over; throws where all is to be tried again. */
  async function arrive(segment: LiveSegment): Promise<Omit<ArrivedSegment, "afterOffline"> | undefined> {
    if (segment.isAdvertisement) return { kind: "segment", segment, arrivedAtMs: clock.monotonicMs() };
    const attempt = (tries.get(segment.sequence) ?? 0) + 1;
    tries.set(segment.sequence, attempt);
    const what = `segment ${segment.sequence}`;
    try {
      const header = await fetchHeader(segment);
      const duration = segment.isPrefetch ? undefined : segment.duration;
      const request = { http, what, headers: address?.headers, duration, signal };
      const { body: bytes, verdict } = await fetchPiece(segment, request);
      const arrivedAtMs = clock.monotonicMs();
      // What comes damaged twice is so on the server; what is no media at all stays out.
      if (verdict.state === "unusable" || (verdict.state === "suspect" && attempt < 3)) {
        throw new RequestError("unexpected-answer", `Cannot use ${what}: ${verdict.reason}`);
      }
      const soundStart = isTransportStream(bytes) ? inspectTransportStream(bytes).soundStart : undefined;
      return {
        kind: "segment",
        segment,
        bytes,
        arrivedAtMs,
        ...(header ? { header } : {}),
        ...(soundStart === undefined ? {} : { soundStart }),
      };
    } catch (error) {
      signal.throwIfAborted();
      if (attempt >= SEGMENT_TRIES) return undefined;
      // A segment that is not there says nothing about the permission to hear the others.
      const gone = error instanceof RequestError && (error.status === 404 || error.status === 410);
      throw gone ? new RequestError("network", error.message) : error;
    }
  }
}

async function openChannel(
  { channel, access, quality }: Extract<LiveSource, { readonly kind: "channel" }>,
  signal: AbortSignal,
) {
  const { playlistUrl, headers } = await access.openLive(channel, { quality, signal });
  return { url: playlistUrl, ...(headers ? { headers } : {}) };
}

/** The media playlist, or the address of one where a playlist of renditions came. */
function readPlaylist(text: string, url: string, quality: string | undefined): MediaPlaylist | string {
  if (/^#EXT-X-STREAM-INF/m.test(text)) return chooseRendition(parseMasterPlaylist(text, url), quality).url;
  return parseMediaPlaylist(text, url);
}

/** Half of the last segment's length: often enough to be quick, seldom enough to be polite. */
function pauseMs({ segments, targetDuration }: MediaPlaylist): number {
  const seconds = segments.at(-1)?.duration ?? targetDuration;
  return Math.min(3000, Math.max(250, seconds * 500));
}
