import { join } from "node:path";
import { requireProgram } from "lib/base/system/programs.ts";
import { runToEnd } from "lib/base/system/run_program.ts";
import { readSamples } from "lib/media/audio/clip.ts";

/** A voice of espeak-ng. */
export interface SpokenVoice {
  /** Language and variant, such as `en-us+f3`. */
  readonly name: string;
  /** From 0 to 99. */
  readonly pitch: number;
  /** Words a minute. */
  readonly speed: number;
}

/** Says sentences. */
export interface Sayer {
  /** The sentence, at the sayer's sample rate. */
  say(text: string, voice: SpokenVoice): Promise<Float32Array>;
  /** Removes its files. */
  close(): Promise<void>;
}

/**
 * Speech by espeak-ng.
 *
 * @throws {MissingProgramError} If it is not installed.
 */
export async function createSayer(
  { sampleRate, signal }: { readonly sampleRate: number; readonly signal?: AbortSignal | undefined },
): Promise<Sayer> {
  const { path } = await requireProgram("espeak-ng");
  const folder = await Deno.makeTempDir({ prefix: "burp-finder-" });
  const wav = join(folder, "said.wav");
  return {
    async say(text, { name, pitch, speed }) {
      await runToEnd(path, ["-v", name, "-p", String(pitch), "-s", String(speed), "-w", wav, text], {
        signal,
      });
      return await readSamples(wav, { sampleRate, signal });
    },
    close: () => Deno.remove(folder, { recursive: true }),
  };
}
