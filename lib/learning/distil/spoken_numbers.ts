import { AudioError } from "lib/media/audio/audio_error.ts";
import type { Random } from "lib/base/numbers/random.ts";
import { requireProgram } from "lib/base/system/programs.ts";
import { ProgramError, runToEnd } from "lib/base/system/run_program.ts";
import { createSayer } from "lib/learning/synthesis/say.ts";

/** Variants of espeak-ng's voices: men, women, and some that whisper or croak. */
const VARIANTS = ["m1", "m2", "m3", "m4", "m5", "m6", "m7", "f1", "f2", "f3", "f4", "f5", "croak", "whisper"];

/**
 * Speech by espeak-ng: numbers, which it says in words of each of its languages, in voices that vary in pitch and speed.
 *
 * @throws {MissingProgramError} If espeak-ng is not installed.
 */
export async function speakNumbers(
  count: number,
  { random, sampleRate, signal }: {
    readonly random: Random;
    readonly sampleRate: number;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<Float32Array[]> {
  if (count === 0) return [];
  const { path } = await requireProgram("espeak-ng");
  const { stdout } = await runToEnd(path, ["--voices"], { signal });
  // The second column, below a line of titles.
  const languages = new TextDecoder().decode(stdout).trim().split("\n").slice(1)
    .flatMap((line) => line.trim().split(/\s+/)[1] ?? []);
  const sayer = await createSayer({ sampleRate, signal });
  try {
    const spoken: Float32Array[] = [];
    for (let i = 0; i < count; i++) {
      const own = random.fork(`spoken-${i}`);
      const text = Array.from({ length: 1 + own.integer(5) }, () => own.integer(10 ** (1 + own.integer(5))))
        .join(own.pick([", ", " ", ". "]));
      const name = `${own.pick(languages)}+${own.pick(VARIANTS)}`;
      try {
        spoken.push(await sayer.say(text, { name, pitch: own.integer(100), speed: 110 + own.integer(160) }));
      } catch (error) {
        // Some languages that it lists lack a part: it refuses them, or says nothing.
        if (!(error instanceof ProgramError) && !(error instanceof AudioError)) throw error;
      }
    }
    return spoken;
  } finally {
    await sayer.close();
  }
}
