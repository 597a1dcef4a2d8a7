import { basename, join } from "node:path";
import { fitName } from "lib/base/system/fit_name.ts";
import {
  type AudioSource,
  decodeStream,
  openAudio,
  type OpenAudioOptions,
} from "lib/media/audio/audio_source.ts";
import { createWavWriter } from "lib/media/audio/wav_writer.ts";
import { fileRecording } from "lib/media/recording/file_recording.ts";
import type { Recording } from "lib/media/recording/recording.ts";
import type { SearchedRecording } from "lib/work/search/recordings.ts";

/** Word that stands for standard input. */
export const STANDARD_INPUT = "-";

/**
 * Sound out of a pipe, which can be read only once: a named one, or standard input.
 *
 * @param options `keep` writes the sound to a temporary file as it passes (115 MB an hour), so that clips can be cut.
 */
export function pipeRecording(
  word: string,
  { keep, track }: { readonly keep: boolean; readonly track: string | undefined },
): SearchedRecording {
  const name = word === STANDARD_INPUT ? "stdin" : fitName(basename(word));
  // Never the same twice.
  const fingerprint = { size: 0, sha256: `a pipe, ${crypto.randomUUID()}` };
  let folder: string | undefined;
  let kept: Recording | undefined;
  const inKept = async <T>(read: (recording: Recording) => Promise<T>): Promise<T> => {
    if (kept === undefined) {
      throw new TypeError(`${name}: a pipe is read once, from its beginning to its end`);
    }
    return await read(kept);
  };

  async function open(options: OpenAudioOptions): Promise<AudioSource> {
    if (kept !== undefined) return await kept.open(options);
    const reading = { track, ...options };
    const source = word === STANDARD_INPUT
      ? await decodeStream(Deno.stdin.readable, { ...reading, name: "standard input" })
      : await openAudio(word, reading);
    return keep ? { ...source, blocks: keepSound(source) } : source;
  }

  async function* keepSound({ blocks, sampleRate }: AudioSource) {
    folder = await Deno.makeTempDir({ prefix: "burp-finder-" });
    const path = join(folder, "sound.wav");
    const writer = await createWavWriter(path, { sampleRate });
    try {
      for await (const block of blocks) {
        await writer.write(block);
        yield block;
      }
      await writer.commit();
      kept = fileRecording(path);
    } finally {
      await writer.abort();
    }
  }

  return {
    recording: name,
    name,
    url: undefined,
    origin: { pipe: name },
    hasPicture: false,
    id: () => Promise.resolve(undefined),
    fingerprint: () => Promise.resolve(fingerprint),
    open,
    duration: (options) => inKept((file) => file.duration(options)),
    window: (span, options) => inKept((file) => file.window(span, options)),
    cut: () => Promise.reject(new TypeError("A pipe gives no picture")),
    async close() {
      if (folder !== undefined) await Deno.remove(folder, { recursive: true });
    },
  };
}
