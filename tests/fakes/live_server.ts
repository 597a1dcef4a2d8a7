import type { WorkClock } from "tests/fakes/work_clock.ts";
import { type LiveAccess } from "lib/media/hls/playback_source.ts";
import { RequestError } from "lib/media/net/request_error.ts";
import type { FakeSegment } from "tests/fakes/vod_media.ts";

/** What may go wrong with an answer of a live server. */
export type LiveFault =
  | { readonly kind: "status"; readonly status: number }
  /** The connection ends in the middle of the body. */
  | { readonly kind: "drop" }
  /** Half of the body comes, then nothing. */
  | { readonly kind: "stall" }
  /** Half of the body comes as if it were all. */
  | { readonly kind: "truncate" }
  | { readonly kind: "corrupt" }
  /** Nothing comes at all, though the connection stands. */
  | { readonly kind: "half-open" };

/** What is asked of the server. */
export type LiveRequest = "access" | "playlist" | "segment";

/** A part of the stream that is replaced by advertisements; in seconds of the stream. */
export interface AdBreak {
  readonly start: number;
  readonly end: number;
  /** How it can be told: by the class of a date range, by the segments' titles, or both. */
  readonly sign: "class" | "title" | "both";
}

/** A broadcast on the fake server. */
export interface Broadcast {
  /** Media that is sent again and again, with a discontinuity where it begins anew. */
  readonly media: readonly FakeSegment[];
  readonly header?: Uint8Array<ArrayBuffer> | undefined;
  /** Media of advertisements. */
  readonly ads?: readonly FakeSegment[];
  readonly breaks?: readonly AdBreak[];
  /** Offers the segment that is being made. */
  readonly prefetch?: boolean;
  /** Does not state the broadcaster's clock. */
  readonly withoutClock?: boolean;
  /** Length of the broadcast, in seconds; it has an end tag then. */
  readonly seconds?: number | undefined;
  readonly firstSequence?: number;
}

/** A server that plays live HLS by a given clock. */
export interface FakeLive extends AsyncDisposable {
  /** The broadcast that runs; nothing is answered with 404. */
  broadcast: Broadcast | undefined;
  /** When it began, on the clock's `monotonicMs()`. */
  startMs: number;
  fault: (request: LiveRequest) => LiveFault | undefined;
  /** Addresses with another permission are refused with 403. */
  permission: string;
  readonly requests: { playlist: number; segment: number; access: number };
  /** Segments that were answered whole: where they lie, in seconds of the stream, and the clock's `monotonicMs()`. */
  readonly served: { readonly start: number; readonly end: number; readonly atMs: number }[];
  readonly playlistUrl: string;
  readonly access: LiveAccess;
  /** Seconds of the stream after which nothing new comes, though the server answers. */
  frozenAt: number | undefined;
  /** Starts a broadcast now, as if it had been running for `ago` seconds. */
  begin(broadcast: Broadcast, ago?: number): void;
}

const WINDOW = 15;

/** Starts the server on a free port of this machine. */
export function startFakeLive(clock: WorkClock): FakeLive {
  const stop = new AbortController();
  // The broadcaster's clock does not follow jumps of ours.
  const epochMs = clock.now() - clock.monotonicMs();
  const live = {
    broadcast: undefined as Broadcast | undefined,
    startMs: 0,
    fault: (() => undefined) as FakeLive["fault"],
    permission: "first",
    frozenAt: undefined as number | undefined,
    requests: { playlist: 0, segment: 0, access: 0 },
    served: [] as { start: number; end: number; atMs: number }[],
  };
  const elapsed = () => Math.min((clock.monotonicMs() - live.startMs) / 1000, live.frozenAt ?? Infinity);
  const server = Deno.serve(
    {
      hostname: "127.0.0.1",
      port: 0,
      signal: stop.signal,
      onListen: () => {},
      onError: () => new Response(null),
    },
    async (request) => {
      const url = new URL(request.url);
      const kind: LiveRequest = url.pathname.endsWith(".m3u8") ? "playlist" : "segment";
      live.requests[kind]++;
      const fault = live.fault(kind);
      if (fault?.kind === "status") return new Response("no", { status: fault.status });
      if (fault?.kind === "half-open") {
        clock.releaseAll();
        // Neither a header nor a byte.
        await new Promise((resolve) => stop.signal.addEventListener("abort", resolve));
        return new Response(null);
      }
      if (!live.broadcast) return new Response("", { status: 404 });
      if (url.searchParams.get("permission") !== live.permission) return new Response("", { status: 403 });
      const bytes = kind === "playlist"
        ? new TextEncoder().encode(
          playlistText(live.broadcast, elapsed(), epochMs + live.startMs, live.permission),
        )
        : await segmentBytes(live.broadcast, url.pathname, elapsed, clock);
      if (!bytes) return new Response("", { status: 404 });
      const index = segmentIndex(url.pathname);
      if (index !== undefined && !fault) {
        const { start, duration } = segmentAt(live.broadcast, index);
        live.served.push({ start, end: start + duration, atMs: clock.monotonicMs() });
      }
      return fault ? broken(bytes, fault, () => clock.releaseAll()) : new Response(bytes);
    },
  );
  const address = () => `http://127.0.0.1:${server.addr.port}/live.m3u8?permission=${live.permission}`;
  return Object.assign(live, {
    get playlistUrl() {
      return address();
    },
    access: {
      name: "fake",
      openLive(channel: string) {
        live.requests.access++;
        const fault = live.fault("access");
        if (fault) {
          return Promise.reject(
            new RequestError("network", "Could not ask for the stream: the connection broke"),
          );
        }
        if (!live.broadcast) {
          return Promise.reject(new RequestError("offline", `channel ${channel} is not live`));
        }
        return Promise.resolve({
          rendition: { id: "audio_only", name: "Audio Only" },
          playlistUrl: address(),
        });
      },
    },
    begin(broadcast: Broadcast, ago = 0) {
      live.broadcast = broadcast;
      live.startMs = clock.monotonicMs() - ago * 1000;
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await server.finished;
    },
  });
}

/** Segment number `index` of a broadcast: where it begins, in seconds, and what it is. */
function segmentAt({ media, breaks = [], ads = [] }: Broadcast, index: number) {
  const round = media.reduce((sum, { duration }) => sum + duration, 0);
  const place = index % media.length;
  let start = Math.floor(index / media.length) * round;
  for (let i = 0; i < place; i++) start += media[i]!.duration;
  const segment = media[place]!;
  const middle = start + segment.duration / 2;
  const ad = breaks.find((candidate) => candidate.start <= middle && middle < candidate.end);
  return {
    start,
    duration: segment.duration,
    bytes: ad ? ads[index % ads.length]!.bytes : segment.bytes,
    ad,
    place,
  };
}

/** Number of segments that are complete after so many seconds. */
function completeCount(broadcast: Broadcast, seconds: number): number {
  const mean = broadcast.media.reduce((sum, { duration }) => sum + duration, 0) / broadcast.media.length;
  // Rounding must not leave out the last one.
  const limit = Math.min(seconds, (broadcast.seconds ?? Infinity) + 1e-6);
  let count = Math.max(0, Math.floor(limit / mean) - 2);
  for (
    let next = segmentAt(broadcast, count);
    next.start + next.duration <= limit;
    next = segmentAt(broadcast, count)
  ) {
    count++;
  }
  return count;
}

function playlistText(
  broadcast: Broadcast,
  seconds: number,
  startedAtMs: number,
  permission: string,
): string {
  const { firstSequence = 0, header } = broadcast;
  const count = completeCount(broadcast, seconds);
  const first = Math.max(0, count - WINDOW);
  const suffix = `?permission=${permission}`;
  const lines = [
    "#EXTM3U",
    "#EXT-X-VERSION:6",
    "#EXT-X-TARGETDURATION:3",
    `#EXT-X-MEDIA-SEQUENCE:${first + firstSequence}`,
  ];
  if (header) lines.push(`#EXT-X-MAP:URI="init.mp4${suffix}"`);
  for (const { start, end, sign } of broadcast.breaks ?? []) {
    if (sign === "title" || start > seconds || end < seconds - 120) continue;
    lines.push(
      `#EXT-X-DATERANGE:ID="stitched-ad-${start}",CLASS="twitch-stitched-ad",` +
        `START-DATE="${new Date(startedAtMs + start * 1000).toISOString()}",DURATION=${end - start}`,
    );
  }
  for (let index = first; index < count; index++) {
    const { start, duration, ad, place } = segmentAt(broadcast, index);
    const before = index > 0 ? segmentAt(broadcast, index - 1) : undefined;
    if (before && (place === 0 || before.ad !== ad)) lines.push("#EXT-X-DISCONTINUITY");
    if (!broadcast.withoutClock) {
      lines.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(startedAtMs + start * 1000).toISOString()}`);
    }
    lines.push(`#EXTINF:${duration.toFixed(3)},${ad && ad.sign !== "class" ? "Amazon|123" : "live"}`);
    lines.push(`${startedAtMs}-${index}.ts${suffix}`);
  }
  const ended = broadcast.seconds !== undefined && seconds >= broadcast.seconds;
  if (
    broadcast.prefetch && !ended && !segmentAt(broadcast, count).ad && segmentAt(broadcast, count).place !== 0
  ) {
    lines.push(`#EXT-X-TWITCH-PREFETCH:${startedAtMs}-${count}.ts${suffix}`);
  }
  if (ended) lines.push("#EXT-X-ENDLIST");
  return lines.join("\n") + "\n";
}

function segmentIndex(path: string): number | undefined {
  const digits = /-(\d+)\.ts$/.exec(path)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

async function segmentBytes(
  broadcast: Broadcast,
  path: string,
  elapsed: () => number,
  clock: WorkClock,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (path.endsWith("/init.mp4")) return broadcast.header;
  const index = segmentIndex(path);
  if (index === undefined) return undefined;
  const { start, duration, bytes } = segmentAt(broadcast, index);
  const wait = start + duration - elapsed();
  if (wait > 3 * duration) return undefined;
  if (wait > 0) await clock.sleepThroughHolds(wait * 1000);
  return bytes;
}

function broken(bytes: Uint8Array<ArrayBuffer>, fault: LiveFault, onStall: () => void): Response {
  const half = bytes.slice(0, bytes.length >> 1);
  if (fault.kind === "truncate") return new Response(half);
  if (fault.kind === "corrupt") {
    const changed = bytes.slice();
    for (let i = 1; i < 9; i++) changed[Math.floor(i * changed.length / 10)]! ^= 0xff;
    return new Response(changed);
  }
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(half),
    pull: (controller) => {
      if (fault.kind === "drop") controller.error(new Error("dropped on purpose"));
      else onStall();
    },
  });
  return new Response(body, { headers: { "content-length": String(bytes.length) } });
}
