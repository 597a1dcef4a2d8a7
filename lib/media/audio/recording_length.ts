import { openAudio, type OpenAudioOptions } from "lib/media/audio/audio_source.ts";
import { canJump } from "lib/media/audio/jumps.ts";

/**
 * Seconds of a recording: what its container declares, or what is counted where that says nothing or only how long one of
 * several joined parts is.
 *
 * @throws {AudioError} If it cannot be read.
 */
export async function recordingLength(path: string, options: OpenAudioOptions): Promise<number> {
  const source = await openAudio(path, options);
  if (source.duration !== undefined && await canJump(path)) {
    await source.close();
    return source.duration;
  }
  let samples = 0;
  for await (const block of source.blocks) samples += block.length;
  return samples / source.sampleRate;
}
