import { concatenateBytes } from "lib/base/numbers/concatenate.ts";
import type { TimeSpan } from "lib/base/events/time_span.ts";
import { encodeFrames, type Mp3Codec } from "lib/media/mp3/encode_frames.ts";
import { fitReservoir, reservoirBefore } from "lib/media/mp3/bit_reservoir.ts";
import { writeInfoFrame } from "lib/media/mp3/info_frame.ts";
import { type Mp3Stream, playedSamples } from "lib/media/mp3/mp3_stream.ts";

/** Seconds in which the sound before a cut goes over into the sound behind it. */
const CROSSFADE = 0.01;
/** Frames decoded before the first one that is needed: the bit reservoir and the overlap of frames reach back into them. */
const LEAD_FRAMES = 12;
/** Frames encoded anew around the crossfade on each side. */
const AROUND_FRAMES = 2;

/** What was cut out of a stream. */
export interface CutMp3 {
  /** The frames with their info frame, without tags. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What was left out, in seconds of the stream; each is at most a frame and a crossfade longer than asked. */
  readonly removed: readonly TimeSpan[];
  /** Samples that players give. */
  readonly samples: number;
}

/**
 * Cuts spans out of an MP3 stream to the frame. Only frames around a cut are encoded anew, from a crossfade of what is kept; of
 * what is cut out not a sample is heard. Frames behind a cut whose main data began in frames that are gone find it in the last
 * new frame.
 *
 * @param spans In seconds as players count, apart from each other, in the order of time.
 */
export async function cutMp3(
  stream: Mp3Stream,
  { spans, codec }: { readonly spans: readonly TimeSpan[]; readonly codec: Mp3Codec },
): Promise<CutMp3> {
  const { bytes, frames, skippedSamples: skip, info } = stream;
  const { samples: frameSamples, sampleRate, channels } = frames[0]!;
  const fade = Math.round(CROSSFADE * sampleRate);
  const played = playedSamples(stream);
  const pieces: Uint8Array[] = [];
  const starts: number[] = [];
  const removed: TimeSpan[] = [];
  let length = 0;
  const add = (piece: Uint8Array) => {
    starts.push(length);
    length += piece.length;
    pieces.push(piece);
  };
  const read = sampleReader(stream, codec);
  let next = 0;
  let kept = played;
  for (const { start, end } of spans) {
    const from = skip + Math.max(0, Math.round(start * sampleRate));
    const to = skip + Math.min(played, Math.round(end * sampleRate));
    const gone = Math.ceil((to - from + fade) / frameSamples);
    const first = Math.max(next, Math.floor((from - fade) / frameSamples) - AROUND_FRAMES);
    const resumed = Math.floor(from / frameSamples) + 1 + AROUND_FRAMES + gone;
    const isEnd = resumed >= frames.length;
    const count = (isEnd ? Math.ceil(from / frameSamples) : resumed - gone) - first;
    for (const { at, length } of frames.slice(next, first)) add(bytes.subarray(at, at + length));
    const made = await encodeFrames(frames[first]!, {
      ...{ codec, count, position: first * frameSamples },
      // The sound as it will be, with positions as before the cut.
      async samples(begin, end) {
        const before = await read(begin, from);
        const shift = gone * frameSamples;
        const behind = isEnd ? undefined : await read(from - fade + shift, Math.max(from, end) + shift);
        return join(before, behind, { fade, length: end - begin, channels });
      },
    });
    const reservoir = isEnd ? new Uint8Array() : reservoirBefore(stream, resumed);
    for (const frame of fitReservoir(made, reservoir)) add(frame);
    next = isEnd ? frames.length : resumed;
    const removedEnd = isEnd ? skip + played : from + gone * frameSamples - fade;
    removed.push({ start: (from - skip) / sampleRate, end: (removedEnd - skip) / sampleRate });
    kept -= isEnd ? skip + played - from : gone * frameSamples;
  }
  for (const { at, length } of frames.slice(next)) add(bytes.subarray(at, at + length));
  const body = concatenateBytes(pieces);
  const delays = info?.delays &&
    { start: info.delays.start, end: starts.length * frameSamples - info.delays.start - kept };
  const head = writeInfoFrame({ bytes, frame: frames[0]! }, { body, starts, delays });
  return {
    bytes: concatenateBytes([head, body]),
    removed,
    samples: delays ? kept : starts.length * frameSamples,
  };
}

/** What is before a cut, and what is behind it from where the crossfade begins; silence where nothing is. */
function join(
  before: Float32Array,
  behind: Float32Array | undefined,
  { fade, length, channels }: { readonly fade: number; readonly length: number; readonly channels: number },
): Float32Array {
  const result = new Float32Array(length * channels);
  result.set(before.subarray(0, result.length));
  const cross = before.length - fade * channels;
  if (cross >= result.length) return result;
  if (behind) {
    result.set(
      behind.subarray(fade * channels, fade * channels + result.length - before.length),
      before.length,
    );
  }
  for (let n = 0; n < fade * channels; n++) {
    const share = (Math.floor(n / channels) + 0.5) / fade;
    result[cross + n] = result[cross + n]! * (1 - share) + (behind?.[n] ?? 0) * share;
  }
  return result;
}

/** Reads samples by their position among all that a decoder gives, those that players skip included; silence beyond them. */
function sampleReader({ bytes, frames }: Mp3Stream, codec: Mp3Codec) {
  const { samples: frameSamples, channels } = frames[0]!;
  return async (from: number, to: number): Promise<Float32Array> => {
    const result = new Float32Array(Math.max(0, to - from) * channels);
    if (to <= from) return result;
    // Decoders want to see some frames before they take bytes for MP3.
    const last = Math.min(frames.length, Math.max(LEAD_FRAMES, Math.ceil(to / frameSamples)));
    const slice = frames.slice(Math.max(0, Math.floor(from / frameSamples) - LEAD_FRAMES), last);
    if (slice.length === 0) return result;
    const decoded = await codec.decode(
      concatenateBytes(slice.map(({ at, length }) => bytes.subarray(at, at + length))),
    );
    // Decoders may leave out frames at the beginning whose main data is missing: what counts is where the last one ends.
    const begin = last * frameSamples - decoded.length / channels;
    const part = decoded.subarray(Math.max(0, from - begin) * channels, Math.max(0, to - begin) * channels);
    result.set(part, Math.max(0, begin - from) * channels);
    return result;
  };
}
