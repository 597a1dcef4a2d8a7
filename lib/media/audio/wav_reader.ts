import type { ByteSource } from "lib/media/audio/byte_source.ts";
import { createResampler } from "lib/media/audio/resampler.ts";
import { BYTES_PER_SAMPLE, decodeFrames } from "lib/media/audio/sample_format.ts";
import { createStereoMixer } from "lib/media/audio/stereo_mixer.ts";
import type { WavHeader } from "lib/media/audio/wav_header.ts";

/** Which part of a recording to read, and at what rate. */
export interface SampleWindow {
  /** Rate of the samples that are given, in Hz. */
  readonly sampleRate: number;
  /** First sample to give, counted at `sampleRate`. */
  readonly startSample: number;
  /** Samples to give at most; `Infinity` for all. */
  readonly sampleCount: number;
}

// Large enough to make the cost of a read small, small enough to stay in the cache until the samples are used.
const BLOCK_BYTES = 2 ** 18;

/**
 * Reads the samples of a WAV file as mono blocks, in memory that does not grow with the file. A window gives exactly
 * the samples that it would have in the whole recording, also where the rate changes.
 *
 * @param source At any position; not closed.
 * @param onOpposite As of {@linkcode createStereoMixer}.
 */
export async function* readWavBlocks(
  source: ByteSource,
  header: WavHeader,
  { sampleRate, startSample, sampleCount }: SampleWindow,
  onOpposite?: () => void,
): AsyncGenerator<Float32Array<ArrayBuffer>, void, void> {
  const resampler = createResampler(header.sampleRate, sampleRate);
  const from = alignedStart(header.sampleRate, sampleRate, startSample, resampler.reach);
  let skip = startSample - from.outputSample;
  let left = sampleCount;
  const cut = (samples: Float32Array<ArrayBuffer>) => {
    const cutOff = Math.min(skip, samples.length);
    skip -= cutOff;
    const part = samples.subarray(cutOff, cutOff + Math.min(left, samples.length));
    left -= part.length;
    return part;
  };
  try {
    for await (const frames of readFrames(source, header, from.inputFrame, onOpposite)) {
      const block = cut(header.sampleRate === sampleRate ? frames : resampler.push(frames));
      if (block.length > 0) yield block;
      if (left <= 0) return;
    }
    const rest = cut(resampler.flush());
    if (rest.length > 0) yield rest;
  } finally {
    resampler.flush();
  }
}

async function* readFrames(
  source: ByteSource,
  header: WavHeader,
  firstFrame: number,
  onOpposite: (() => void) | undefined,
): AsyncGenerator<Float32Array<ArrayBuffer>, void, void> {
  const frameBytes = header.channels * BYTES_PER_SAMPLE[header.format];
  const skippedBytes = firstFrame * frameBytes;
  const buffer = new Uint8Array(frameBytes * Math.max(1, Math.floor(BLOCK_BYTES / frameBytes)));
  let left = header.dataBytes === undefined ? Infinity : header.dataBytes - skippedBytes;
  if (left <= 0) return;
  await source.seek(header.dataStart + skippedBytes);
  const stereo = header.channels === 2 ? createStereoMixer(header.sampleRate, onOpposite) : undefined;
  const interleaved = { format: header.format, channels: 1 };
  let torn = 0; // bytes of a frame whose rest has not come yet, at the beginning of the buffer
  while (torn + left >= frameBytes) {
    const room = buffer.subarray(torn, torn + Math.min(left, buffer.length - torn));
    // A live stream must not wait until a whole block has come together.
    const count = await source.read(room, source.seekable ? room.length : frameBytes - torn);
    const filled = torn + count;
    if (filled < frameBytes) return;
    torn = filled % frameBytes;
    const frames = buffer.subarray(0, filled - torn);
    yield stereo ? stereo.mix(decodeFrames(frames, interleaved)) : decodeFrames(frames, header);
    buffer.copyWithin(0, filled - torn, filled);
    left -= count;
  }
}

/** The last point before the window and the reach of the filter where an input frame and an output sample coincide. */
function alignedStart(
  fromRate: number,
  toRate: number,
  startSample: number,
  reach: number,
): { inputFrame: number; outputSample: number } {
  if (fromRate === toRate) return { inputFrame: startSample, outputSample: startSample };
  let [a, b] = [fromRate, toRate];
  while (b > 0) [a, b] = [b, a % b];
  const [down, up] = [fromRate / a, toRate / a];
  const periods = Math.max(0, Math.floor((Math.floor(startSample * down / up) - reach) / down));
  return { inputFrame: periods * down, outputSample: periods * up };
}
