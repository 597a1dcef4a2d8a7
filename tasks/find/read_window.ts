import type { OpenAudioOptions } from "lib/audio/audio_source.ts";
import { gatherBlocks } from "lib/audio/gather_blocks.ts";
import type { RecordingInput } from "lib/detect/search.ts";

/** Samples of a part of a recording, shape [N]; for clips, since all are held in memory. */
export async function readWindow(
  input: RecordingInput,
  options: OpenAudioOptions,
): Promise<Float32Array<ArrayBuffer>> {
  return await gatherBlocks((await input.open(options)).blocks);
}
