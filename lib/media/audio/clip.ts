import { AudioError } from "lib/media/audio/audio_error.ts";
import { openAudio, type OpenAudioOptions } from "lib/media/audio/audio_source.ts";
import { gatherBlocks } from "lib/media/audio/gather_blocks.ts";
import { type WavOptions, writeWav } from "lib/media/audio/wav_writer.ts";

/**
 * All samples of a recording or of a part of it, at once; for clips, since memory grows with the length.
 * @throws {AudioError} As {@linkcode openAudio}.
 */
export async function readSamples(
  path: string,
  options: OpenAudioOptions,
): Promise<Float32Array<ArrayBuffer>> {
  return await gatherBlocks((await openAudio(path, options)).blocks);
}

/**
 * Cuts the part from `onset` to `offset` out of a recording and writes it as a mono WAV file. A part that begins before
 * the recording or ends after it is cut off there.
 *
 * @param path The recording.
 * @param onset In seconds.
 * @param offset In seconds.
 * @param outPath The clip; its folder must exist.
 * @returns Seconds that were written.
 * @throws {AudioError} As {@linkcode openAudio}, and when nothing of the recording is in the part.
 */
export async function cutClip(
  path: string,
  onset: number,
  offset: number,
  outPath: string,
  options: Partial<Pick<WavOptions, "sampleRate" | "format">> & {
    readonly signal?: AbortSignal | undefined;
  } = {},
): Promise<number> {
  const { sampleRate = 16_000, format = "pcm16", signal } = options;
  if (!(offset > onset)) throw new RangeError(`Cannot cut a clip from ${onset} to ${offset} s`);
  const start = Math.max(0, onset);
  const window = { sampleRate, start, duration: Math.max(0, offset - start), signal };
  const samples = await readSamples(path, window);
  if (samples.length === 0) {
    throw new AudioError(path, `it has nothing between ${onset} and ${offset} s: check the times`);
  }
  await writeWav(outPath, samples, { sampleRate, format });
  return samples.length / sampleRate;
}
