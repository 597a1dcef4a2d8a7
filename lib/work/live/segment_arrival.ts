import type { Clock } from "lib/base/system/clock.ts";
import { fetchPiece } from "lib/media/hls/media_piece.ts";
import { inspectTransportStream, isTransportStream } from "lib/media/hls/transport_stream.ts";
import type { HttpClient } from "lib/media/net/http_client.ts";
import { RequestError } from "lib/media/net/request_error.ts";
import type { LiveSegment } from "lib/work/live/playlist_tracker.ts";

/** A segment that has arrived, whole as far as can be seen. */
export interface ArrivedSegment {
  readonly kind: "segment";
  readonly segment: LiveSegment;
  /** Nothing for advertisements, which are not even fetched. */
  readonly bytes?: Uint8Array<ArrayBuffer> | undefined;
  /** Header of fragmented MP4. */
  readonly header?: Uint8Array<ArrayBuffer> | undefined;
  /** First time stamp of its sound on the encoder's clock, in seconds, where it can be read. */
  readonly soundStart?: number | undefined;
  /** On the clock's `monotonicMs()`. */
  readonly arrivedAtMs: number;
  /** Whether the stream was off the air before it: the time until then is no loss. */
  readonly afterOffline: boolean;
}

/** Fetches the segments of a stream. */
interface SegmentArrival {
  /**
   * The segment, or nothing where it is to be passed over.
   * @throws {RequestError} where it is to be tried again, with everything before it.
   */
  fetch(
    segment: LiveSegment,
    headers: Readonly<Record<string, string>> | undefined,
  ): Promise<Omit<ArrivedSegment, "afterOffline"> | undefined>;
  /** Forgets how often segments were tried. */
  startAnew(): void;
}

/** So often a segment is tried before the next one is, whatever is wrong with it. */
export const SEGMENT_TRIES = 4;

/** Makes what fetches segments; it keeps the newest header of fragmented MP4. */
export function createSegmentArrival(
  { http, clock, signal }: {
    readonly http: HttpClient;
    readonly clock: Clock;
    readonly signal: AbortSignal;
  },
): SegmentArrival {
  const tries = new Map<number, number>();
  let kept: { readonly key: string; readonly header: Uint8Array<ArrayBuffer> } | undefined;

  const headerOf = async (
    { map, sequence }: LiveSegment,
    headers: Readonly<Record<string, string>> | undefined,
  ): Promise<Uint8Array<ArrayBuffer> | undefined> => {
    if (!map) return undefined;
    const key = `${map.url} ${map.byteRange?.offset}`;
    if (kept?.key === key) return kept.header;
    const { body } = await fetchPiece(map, {
      http,
      what: `the header of segment ${sequence}`,
      headers,
      signal,
    });
    kept = { key, header: body };
    return body;
  };

  return {
    startAnew: () => tries.clear(),
    async fetch(segment, headers) {
      if (segment.isAdvertisement) return { kind: "segment", segment, arrivedAtMs: clock.monotonicMs() };
      const attempt = (tries.get(segment.sequence) ?? 0) + 1;
      tries.set(segment.sequence, attempt);
      const what = `segment ${segment.sequence}`;
      try {
        const header = await headerOf(segment, headers);
        const duration = segment.isPrefetch ? undefined : segment.duration;
        const { body: bytes, verdict } = await fetchPiece(segment, { http, what, headers, duration, signal });
        const arrivedAtMs = clock.monotonicMs();
        // What comes damaged twice is so on the server; what is no media at all stays out.
        if (verdict.state === "unusable" || (verdict.state === "suspect" && attempt < 3)) {
          throw new RequestError("unexpected-answer", `Cannot use ${what}: ${verdict.reason}`);
        }
        const soundStart = isTransportStream(bytes) ? inspectTransportStream(bytes).soundStart : undefined;
        return { kind: "segment", segment, bytes, arrivedAtMs, header, soundStart };
      } catch (error) {
        signal.throwIfAborted();
        if (attempt >= SEGMENT_TRIES) return undefined;
        // A segment that is not there says nothing about the permission to hear the others.
        const gone = error instanceof RequestError && (error.status === 404 || error.status === 410);
        throw gone ? new RequestError("network", error.message) : error;
      }
    },
  };
}
