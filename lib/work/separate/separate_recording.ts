import { basename, extname, join } from "node:path";
import { exists } from "lib/base/system/exists.ts";
import { joinChannels, separate, type Separator, splitChannels } from "lib/learning/separate/separator.ts";
import { openAudio } from "lib/media/audio/audio_source.ts";
import { createWavWriter } from "lib/media/audio/wav_writer.ts";
import { replaceSound } from "lib/media/video/replace_sound.ts";

/** Thrown where a stem would replace a file. */
export class StemExistsError extends Error {
  override readonly name = "StemExistsError";
  constructor(readonly path: string) {
    super(`${path} is there already: it is kept; --force replaces it, --output takes another folder`);
  }
}

/** How a recording is separated. */
export interface SeparationOptions {
  readonly separator: Separator;
  /** Folder for the stems; it is made. */
  readonly folder: string;
  /** As WAV, or each as the recording is, picture included; WAV by default. */
  readonly container?: "wav" | "same" | undefined;
  /** Audio track to hear; by default the one that players play. */
  readonly track?: string | undefined;
  /** Replace stems that are there. */
  readonly force?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onWarning?: ((text: string) => void) | undefined;
  readonly onNote?: ((text: string) => void) | undefined;
  /** Told how far it is, in seconds. */
  readonly onProgress?: ((seconds: number, duration?: number) => void) | undefined;
}

/** The two files that a recording became. */
export interface StemFiles {
  readonly voice: string;
  readonly game: string;
  /** Seconds of each. */
  readonly duration: number;
}

/**
 * Writes the voice of a recording and the rest of its sound as two files, `<name>.voice.<ext>` and `<name>.game.<ext>`. As WAV
 * they add up to the sound at the separator's rate; encoded again they do so as far as their codec lets them. Memory does not
 * grow with the recording, and files appear when they are whole.
 *
 * @throws {StemExistsError} If a file is there already.
 * @throws {AudioError} If the recording cannot be read.
 */
export async function separateRecording(path: string, options: SeparationOptions): Promise<StemFiles> {
  const { separator, folder, container = "wav", track, force, signal } = options;
  const { onWarning, onNote, onProgress } = options;
  const extension = extname(path);
  const stem = (name: string, ending: string) =>
    join(folder, `${basename(path, extension)}.${name}${ending}`);
  const ending = container === "wav" ? ".wav" : extension;
  const results = [stem("voice", ending), stem("game", ending)] as const;
  for (const result of results) {
    if (!force && await exists(result)) throw new StemExistsError(result);
  }
  await Deno.mkdir(folder, { recursive: true });
  const { sampleRate } = separator;
  const source = await openAudio(path, { sampleRate, track, keepChannels: true, signal, onWarning, onNote });
  const { channels = 1, duration } = source;
  const wavs = container === "wav"
    ? results
    : [stem(`voice-${Deno.pid}`, ".tmp"), stem(`game-${Deno.pid}`, ".tmp")] as const;
  const writers = await Promise.all(wavs.map((wav) => createWavWriter(wav, { sampleRate, channels })));
  let samples = 0;
  try {
    for await (
      const { voice, game } of separate(blocksOf(source.blocks, channels), separator, { channels, signal })
    ) {
      await writers[0]!.write(joinChannels(voice));
      await writers[1]!.write(joinChannels(game));
      samples += voice[0]!.length;
      onProgress?.(samples / sampleRate, duration);
    }
    for (const writer of writers) await writer.commit();
    if (container === "same") {
      for (const [i, wav] of wavs.entries()) {
        await replaceSound(path, { sound: wav, outPath: results[i]!, signal });
      }
    }
  } finally {
    for (const writer of writers) await writer.abort();
    if (container === "same") { for (const wav of wavs) await Deno.remove(wav).catch(() => {}); }
  }
  return { voice: results[0], game: results[1], duration: samples / sampleRate };
}

async function* blocksOf(blocks: AsyncIterable<Float32Array<ArrayBuffer>>, channels: number) {
  for await (const block of blocks) yield splitChannels(block, channels);
}
