import { type Mp3Frame, readMp3Frame } from "lib/media/mp3/mp3_frame.ts";
import { DECODER_DELAY } from "lib/media/mp3/mp3_stream.ts";

/** Decodes and encodes MP3 frames; samples of channels alternate. */
export interface Mp3Codec {
  /** All samples of frames that stand one after the other, none skipped. */
  decode(frames: Uint8Array): Promise<Float32Array>;
  /** Frames without a bit reservoir nor an info frame, encoded by LAME. */
  encode(
    samples: Float32Array,
    options: { readonly sampleRate: number; readonly channels: number; readonly bitrate: number },
  ): Promise<Uint8Array>;
}

/** A frame and the bytes that it is in. */
export interface MadeFrame {
  readonly bytes: Uint8Array;
  readonly frame: Mp3Frame;
}

/** Samples by which LAME is late. */
const ENCODER_DELAY = 576;
/** Frames that the encoder hears beyond the last one that is kept. */
const LOOK_AHEAD_FRAMES = 4;
/** Least quality of what is encoded a second time, in kbit/s for MPEG-1 and 2. */
const LEAST_KBPS = { mpeg1: 128, mpeg2: 64 };

/**
 * Encodes frames that take the place of others to the sample: decoded, they give what `samples` gives for their positions.
 *
 * @param like The first frame of those, whose samples have the positions from `position` on.
 * @param options.samples Gives the samples from one position to another, counted as a decoder gives them.
 * @throws {SyntaxError} If the encoder gave too few.
 */
export async function encodeFrames(
  like: Mp3Frame,
  { codec, position, count, samples }: {
    readonly codec: Mp3Codec;
    readonly position: number;
    readonly count: number;
    readonly samples: (from: number, to: number) => Promise<Float32Array>;
  },
): Promise<MadeFrame[]> {
  const { samples: frameSamples, sampleRate, channels, isMpeg1 } = like;
  const late = ENCODER_DELAY + DECODER_DELAY;
  const leadFrames = Math.ceil(late / frameSamples);
  const begin = position - (leadFrames * frameSamples - late);
  const sound = await samples(begin, position + (count + LOOK_AHEAD_FRAMES) * frameSamples);
  // Below the highest, so that its frames have room for the main data of the frame that follows.
  const highest = isMpeg1 ? 256 : Math.min(128, sampleRate < 16_000 ? 64 : 128);
  const bitrate = Math.min(highest, Math.max(like.bitrate, isMpeg1 ? LEAST_KBPS.mpeg1 : LEAST_KBPS.mpeg2));
  const bytes = await codec.encode(sound, { sampleRate, channels, bitrate });
  const made: MadeFrame[] = [];
  for (let at = 0; made.length < leadFrames + count;) {
    const frame = readMp3Frame(bytes, at);
    if (!frame) throw new SyntaxError("the encoder gave too few MP3 frames: is it LAME?");
    made.push({ bytes, frame });
    at += frame.length;
  }
  return made.slice(leadFrames);
}
