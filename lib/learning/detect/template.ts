import { AudioError } from "lib/media/audio/audio_error.ts";
import { openFileBytes } from "lib/media/audio/byte_source.ts";
import { BYTES_PER_SAMPLE } from "lib/media/audio/sample_format.ts";
import { isWav, readWavHeader } from "lib/media/audio/wav_header.ts";

/** Length and rate of a clip that stands for all clips of its kind. */
interface Template {
  readonly seconds: number;
  /** In Hz. */
  readonly sampleRate: number;
}

/**
 * Reads length and rate of a WAV clip from its header.
 *
 * @throws {AudioError} If it cannot be read, is no WAV file or has no sample.
 */
export async function readTemplate(path: string): Promise<Template> {
  const source = await openFileBytes(path).catch((cause) => {
    throw new AudioError(path, "the template cannot be opened: check the path", { cause });
  });
  try {
    const head = (await source.peek(12)).slice();
    const header = isWav(head) ? await readWavHeader(source, path) : undefined;
    if (!header || !("format" in header)) {
      throw new AudioError(
        path,
        "the template must be a WAV file with plain samples: give one of the training clips",
      );
    }
    const { format, channels, sampleRate, dataBytes = 0 } = header;
    const seconds = Math.floor(dataBytes / (channels * BYTES_PER_SAMPLE[format])) / sampleRate;
    if (seconds <= 0) throw new AudioError(path, "the template has no sample: give another clip");
    return { seconds, sampleRate };
  } finally {
    await source.close();
  }
}
