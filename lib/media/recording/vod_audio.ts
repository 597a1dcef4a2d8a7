import { secondsToSamples } from "lib/base/events/time_grid.ts";
import type { TimeSpan } from "lib/base/events/time_span.ts";
import { type AudioSource, decodeStream, type OpenAudioOptions } from "lib/media/audio/audio_source.ts";
import type { MediaSegment } from "lib/media/hls/media_playlist.ts";
import type { Vod } from "lib/media/hls/vod.ts";
import { streamVodStretches, type VodStretch } from "lib/media/hls/vod_stream.ts";
import { RequestError, type RequestProblem } from "lib/media/net/request_error.ts";

/** How the sound of a VOD is read. */
export interface VodAudioOptions extends OpenAudioOptions {
  /** Given the media as it passes by, in order; reading waits for it. */
  readonly onMedia?: (bytes: Uint8Array) => Promise<void>;
  /** Told of a part of the recording that cannot be had. */
  readonly onHole?: (hole: TimeSpan) => void;
}

/** What is wrong with one segment; after anything else, such as a lost connection, the others cannot be had either. */
const HOLES: readonly RequestProblem[] = ["missing", "unexpected-answer"];
/** Decoders need some sound before a part to give what they give in the midst of a recording. */
const PREROLL_SECONDS = 1;
const SILENT_BLOCK = 65_536;

/**
 * Sound of a VOD, decoded while its segments are fetched: memory does not grow with the length, and nothing is stored.
 * In place of segments that cannot be had there is silence, so that times behind them stay right; `onWarning` is told.
 *
 * The source throws {RequestError} when the VOD cannot be read on, and {AudioError} when it cannot be decoded.
 */
export function openVodAudio(vod: Vod, options: VodAudioOptions): AudioSource {
  const { start = 0, duration = Infinity } = options;
  return {
    sampleRate: options.sampleRate,
    duration: Math.max(0, Math.min(duration, vod.playlist.duration - start)),
    blocks: readBlocks(vod, options, { start, end: start + duration }),
    close: () => Promise.resolve(),
  };
}

async function* readBlocks(
  vod: Vod,
  options: VodAudioOptions,
  { start, end }: TimeSpan,
): AsyncGenerator<Float32Array<ArrayBuffer>, void, void> {
  const { sampleRate, signal } = options;
  const holes: TimeSpan[] = [];
  let missing: unknown;
  const onMissing = (segment: MediaSegment, error: unknown) => {
    if (!(error instanceof RequestError) || !HOLES.includes(error.problem)) throw error;
    missing ??= error;
    const before = holes.at(-1);
    const end = segment.start + segment.duration;
    // Starts are sums of durations, so that neighbours need not meet to the last bit.
    if (before && segment.start - before.end < 0.001) holes[holes.length - 1] = { start: before.start, end };
    else holes.push({ start: segment.start, end });
  };
  // What is missing is known before the sound in front of it is decoded, and may become longer.
  const tellHoles = (until: number) => {
    while (holes[0] && holes[0].start < until) {
      const hole = holes.shift()!;
      const seconds = (hole.end - hole.start).toFixed(1);
      options.onWarning?.(
        `VOD ${vod.vodId}: ${seconds} s from ${
          hole.start.toFixed(1)
        } s on cannot be had and count as silence`,
      );
      options.onHole?.(hole);
    }
  };

  let position = secondsToSamples(start, sampleRate);
  const last = end === Infinity ? Infinity : secondsToSamples(end, sampleRate);
  let heard = false;
  const window = { start: Math.max(0, start - PREROLL_SECONDS), end, signal };
  for await (const stretch of stretchesOf(vod, onMissing, window)) {
    let at = secondsToSamples(stretch.start, sampleRate);
    for await (const block of decodeStretch(vod, stretch, options)) {
      tellHoles(stretch.start);
      heard = true;
      while (position < Math.min(at, last)) {
        const silence = new Float32Array(Math.min(SILENT_BLOCK, Math.min(at, last) - position));
        position += silence.length;
        yield silence;
      }
      const part = block.subarray(Math.max(0, position - at), Math.max(0, last - at));
      at += block.length;
      if (part.length === 0) continue;
      position += part.length;
      yield part;
      if (position >= last) return;
    }
  }
  if (!heard && missing) throw missing;
  tellHoles(Infinity);
}

/**
 * Stretches without holes and without jumps of the time stamps, which a decoder would take for a gap or an overlap: where
 * the playlist announces one, its times go on, and so must ours.
 */
async function* stretchesOf(
  vod: Vod,
  onMissing: (segment: MediaSegment, error: unknown) => void,
  { start, end, signal }: TimeSpan & { readonly signal?: AbortSignal | undefined },
): AsyncGenerator<VodStretch> {
  const jumps = vod.playlist.segments
    .filter((segment) => segment.discontinuity && segment.start > start && segment.start < end);
  // A moment inside the segment, so that rounding cannot bring the one before.
  const starts = [start, ...jumps.map((segment) => segment.start + segment.duration / 2)];
  const ends = [...jumps.map((segment) => segment.start), end];
  for (const [i, part] of starts.entries()) {
    const options = { start: part, end: ends[i]!, signal };
    yield* streamVodStretches(vod, onMissing, options);
  }
}

/** Sound of a stretch without holes; nothing where its first segment is missing already. */
async function* decodeStretch(
  vod: Vod,
  stretch: VodStretch,
  { sampleRate, signal, onWarning, onMedia }: VodAudioOptions,
): AsyncGenerator<Float32Array<ArrayBuffer>, void, void> {
  const bytes = stretch.bytes[Symbol.asyncIterator]();
  const first = await bytes.next();
  if (first.done) return;
  let failure: { readonly error: unknown } | undefined;
  async function* passOn(): AsyncGenerator<Uint8Array> {
    try {
      for (let next = first; !next.done; next = await bytes.next()) {
        await onMedia?.(next.value);
        yield next.value;
      }
    } catch (error) {
      // A decoder whose input breaks off takes it for the end.
      failure = { error };
      throw error;
    } finally {
      await bytes.return?.();
    }
  }
  try {
    const source = await decodeStream(ReadableStream.from(passOn()), {
      sampleRate,
      name: `VOD ${vod.vodId}`,
      signal,
      onWarning,
    });
    yield* source.blocks;
  } catch (error) {
    throw failure ? failure.error : error;
  }
  if (failure) throw failure.error;
}
