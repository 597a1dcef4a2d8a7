import { errorMessage } from "lib/base/system/error_message.ts";
import { chooseRendition, parseMasterPlaylist } from "lib/media/hls/master_playlist.ts";
import { type MediaPlaylist, parseMediaPlaylist } from "lib/media/hls/media_playlist.ts";
import { createBackoff } from "lib/media/net/backoff.ts";
import { requestFound } from "lib/media/net/http_client.ts";
import { RequestError } from "lib/media/net/request_error.ts";
import { createLiveHttp, type LiveHttpOptions } from "lib/work/live/live_http.ts";
import type { LiveNotice } from "lib/work/live/live_item.ts";
import type { LiveSource } from "lib/work/live/live_source.ts";
import { createPlaylistTracker, type TrackerOptions } from "lib/work/live/playlist_tracker.ts";
import { type ArrivedSegment, createSegmentArrival, SEGMENT_TRIES } from "lib/work/live/segment_arrival.ts";

/** A notice whose place on the timeline is not known yet. */
export type LoopNotice = Pick<LiveNotice, "kind" | "what" | "text" | "seconds">;

/** What the loop needs besides its source. */
export interface SegmentLoopOptions extends LiveHttpOptions, TrackerOptions {
  readonly signal: AbortSignal;
  /** Ends with the broadcast instead of waiting for the next one. */
  readonly untilEnd?: boolean;
}

type HlsSource = Extract<LiveSource, { readonly kind: "channel" | "playlist" }>;

/** Where the playlist is. */
interface Address {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Whether it was found in a playlist of renditions. */
  readonly isRendition?: boolean;
}

/** Without a new segment for so long we connect anew, in milliseconds; with the wait before it, found within 20 s. */
const STALL_MS = 15_000;
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
  const arrival = createSegmentArrival({ http, clock, signal });
  let address: Address | undefined;
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

  while (true) {
    signal.throwIfAborted();
    try {
      address ??= source.kind === "channel" ? await openChannel(source, signal) : { url: source.url };
      const { url, headers } = address;
      const { body } = await requestFound(http, { url, headers, what: "the playlist", signal });
      const playlist = readPlaylist(new TextDecoder().decode(body), url, source.quality);
      if (typeof playlist === "string") {
        // A rendition that names renditions would be asked for without end.
        if (address.isRendition) {
          throw new RequestError("unexpected-answer", "The playlist of a rendition has no segments");
        }
        address = { ...address, url: playlist, isRendition: true };
        continue;
      }
      longestWaitMs = 1000 * playlist.duration / TRIES_IN_WINDOW;
      const pending = tracker.update(playlist);
      for (const segment of pending) {
        const arrived = await arrival.fetch(segment, address.headers);
        if (arrived === undefined) {
          tracker.lost(segment);
          yield notice(
            "damaged",
            `Segment ${segment.sequence} is left out: it came damaged ${SEGMENT_TRIES} times`,
          );
          continue;
        }
        tracker.heard(segment);
        arrival.startAnew();
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
}

async function openChannel(
  { channel, access, quality }: Extract<LiveSource, { readonly kind: "channel" }>,
  signal: AbortSignal,
): Promise<Address> {
  const { playlistUrl, headers } = await access.openLive(channel, { quality, signal });
  return { url: playlistUrl, headers };
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
