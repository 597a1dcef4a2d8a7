import type { TimeSpan } from "lib/base/events/time_span.ts";
import type { MediaSegment } from "lib/media/hls/media_playlist.ts";
import { planSegments } from "lib/media/hls/segment_plan.ts";
import type { Vod } from "lib/media/hls/vod.ts";
import { RequestError } from "lib/media/net/request_error.ts";

/** How a recording is streamed. */
interface StreamVodOptions {
  readonly signal?: AbortSignal | undefined;
  /** Where to begin, in seconds; the stream begins with the segment that holds it. Default 0. */
  readonly start?: number;
  /** Where to end, in seconds. Default: the end of the recording. */
  readonly end?: number;
  /** Number of segments that are fetched before they are asked for; they are held in memory. Default 3. */
  readonly prefetch?: number;
  /**
   * Called for a segment that cannot be had; the stream then ends before it, and the caller may go on behind it.
   * Without it the error is thrown.
   */
  readonly onMissing?: ((segment: MediaSegment, error: unknown) => void) | undefined;
}

/**
 * Media of a recording as one stream of bytes, segments in order, for the standard input of a decoder. Segments are
 * fetched somewhat ahead; no more than `prefetch` and one are in memory at any time. Leaving the loop stops the fetching.
 *
 * @throws {RequestError} where a segment cannot be had, and the reason of the signal.
 */
export async function* streamVod(vod: Vod, options: StreamVodOptions = {}): AsyncGenerator<Uint8Array> {
  const { start = 0, end = Infinity, prefetch = 3 } = options;
  const stop = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal;
  const ahead: { segment: MediaSegment; bytes: Promise<SegmentBytes> }[] = [];
  let next = vod.playlist.segments.findIndex((segment) => segment.start + segment.duration > start);
  let headerUrl: string | undefined;
  try {
    while (next >= 0) {
      while (ahead.length <= prefetch && next < vod.playlist.segments.length) {
        const segment = vod.playlist.segments[next]!;
        if (segment.start >= end) break;
        const bytes = readWithHeader(vod, segment, signal);
        bytes.catch(() => {}); // thrown when its turn comes, or of no interest after leaving
        ahead.push({ segment, bytes });
        next++;
      }
      const current = ahead.shift();
      if (!current) {
        if (vod.playlist.ended || !(await hasGrown(vod, next, end, signal))) return;
        continue;
      }
      let read: SegmentBytes;
      try {
        read = await current.bytes;
      } catch (error) {
        options.signal?.throwIfAborted();
        if (!options.onMissing) throw error;
        options.onMissing(current.segment, error);
        return;
      }
      options.signal?.throwIfAborted();
      const url = current.segment.map?.url;
      if (read.header && url !== headerUrl) yield read.header;
      headerUrl = url;
      yield read.body;
    }
  } finally {
    stop.abort();
  }
}

interface SegmentBytes {
  readonly header: Uint8Array | undefined;
  readonly body: Uint8Array;
}

async function readWithHeader(vod: Vod, segment: MediaSegment, signal: AbortSignal): Promise<SegmentBytes> {
  return { header: await vod.readHeader(segment, signal), body: await vod.readSegment(segment, signal) };
}

/** A VOD of a running stream grows; we follow as long as there is more, and do not wait for it. */
async function hasGrown(vod: Vod, next: number, end: number, signal: AbortSignal): Promise<boolean> {
  const following = vod.playlist.segments[next];
  if (following) return following.start < end;
  const { segments } = await vod.refresh(signal);
  return next < segments.length && segments[next]!.start < end;
}

/** A stretch of a recording without holes. */
export interface VodStretch {
  /** Time of its first byte, in seconds from the start of the recording. */
  readonly start: number;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/**
 * As {@link streamVod}, going on behind segments that cannot be had: each stretch between them is a stream of its own,
 * so that times stay right. Read a stretch to its end before asking for the next.
 *
 * @param onMissing Called for each such segment.
 */
export async function* streamVodStretches(
  vod: Vod,
  onMissing: (segment: MediaSegment, error: unknown) => void,
  options: Omit<StreamVodOptions, "onMissing"> = {},
): AsyncGenerator<VodStretch> {
  const begin = options.start ?? 0;
  let first = vod.playlist.segments.find((segment) => segment.start + segment.duration > begin);
  while (first) {
    let missing: MediaSegment | undefined;
    const note = (segment: MediaSegment, error: unknown) => {
      missing = segment;
      onMissing(segment, error);
    };
    // A moment inside the segment, so that rounding cannot bring the one before.
    const start = first.start + first.duration / 2;
    yield { start: first.start, bytes: streamVod(vod, { ...options, start, onMissing: note }) };
    const { segments } = vod.playlist;
    const hole: MediaSegment | undefined = missing;
    if (!hole) return;
    first = segments[segments.findIndex((segment) => segment.sequence === hole.sequence) + 1];
    if (first && first.start >= (options.end ?? Infinity)) return;
  }
}

/** Media of one window of a recording. */
interface WindowMedia {
  /** Time of the first byte, in seconds from the start of the recording; at or before the window. */
  readonly start: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Parts of the window that the platform has silenced. */
  readonly muted: readonly TimeSpan[];
}

/**
 * Media of a window: the segments that cover it, one after another, and nothing else. With a cache, what was fetched
 * before a kill is not fetched again, since each segment is kept before the next is asked for.
 *
 * @returns Nothing where the window lies outside of the recording.
 * @throws {RequestError} where a segment cannot be had, or not all of it.
 */
export async function readVodWindow(
  vod: Vod,
  window: TimeSpan,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<WindowMedia | undefined> {
  const run = planSegments(vod.playlist, window);
  if (!run) return undefined;
  const parts: Uint8Array[] = [];
  let headerUrl: string | undefined;
  for (const segment of run.segments) {
    const header = await vod.readHeader(segment, options.signal);
    if (header && segment.map?.url !== headerUrl) parts.push(header);
    headerUrl = segment.map?.url;
    parts.push(await vod.readSegment(segment, options.signal));
    const why = vod.whyCut(segment);
    if (why !== undefined) {
      // A clip of what is left would lie about the rest.
      const message = `segment ${segment.sequence} of VOD ${vod.vodId} did not come whole: ${why}`;
      throw new RequestError("unexpected-answer", message);
    }
  }
  const bytes = new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer());
  return { start: run.segments[0]!.start, bytes, muted: run.muted };
}
