import type { OpenAudioOptions } from "lib/audio/audio_source.ts";
import type { RecordingInput } from "lib/detect/search.ts";

/** Samples of a part of a recording, shape [N]; for clips, since all are held in memory. */
export async function readWindow(
  input: RecordingInput,
  options: OpenAudioOptions,
): Promise<Float32Array<ArrayBuffer>> {
  const blocks = await Array.fromAsync((await input.open(options)).blocks);
  const samples = new Float32Array(blocks.reduce((sum, block) => sum + block.length, 0));
  let filled = 0;
  for (const block of blocks) {
    samples.set(block, filled);
    filled += block.length;
  }
  return samples;
}
