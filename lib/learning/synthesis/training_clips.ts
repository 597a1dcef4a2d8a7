import { join } from "node:path";
import { createRandom } from "lib/base/numbers/random.ts";
import { writeFolderAtomic } from "lib/base/system/atomic_file.ts";
import { synthesizeBurp } from "lib/learning/synthesis/burp.ts";
import { synthesizeConfuser } from "lib/learning/synthesis/confusers.ts";
import { writeWav } from "lib/media/audio/wav_writer.ts";

/** What {@linkcode writeTrainingClips} writes. */
interface TrainingClipsOptions {
  readonly seed: number | string;
  /** Number of clips with a burp, and of clips without. */
  readonly positives: number;
  readonly negatives: number;
  /** In Hz; 16000 by default. */
  readonly sampleRate?: number;
  readonly signal?: AbortSignal | undefined;
  /** Told after each clip how many are written. */
  readonly onProgress?: ((written: number) => void) | undefined;
}

/**
 * Writes a training folder for people who have no clips yet: `burp-audio/` and `not-burp-audio/` with one sound in each
 * WAV file. The folder appears when it is whole. Each clip has a voice, a room and a microphone of its own, so each is a
 * group of its own: the name up to its ending.
 *
 * @throws {Deno.errors.AlreadyExists} when there is something at `dir` already; it is left alone.
 */
export async function writeTrainingClips(dir: string, options: TrainingClipsOptions): Promise<void> {
  const { seed, positives, negatives, sampleRate = 16000, signal, onProgress } = options;
  const random = createRandom(seed);
  let written = 0;
  // Five digits before the kind: the name as a whole is the group, no part of it reads as a copy's number.
  const nameOf = (index: number, kind: string) =>
    `synthetic-${seed}-${String(index + 1).padStart(5, "0")}-${kind}.wav`;
  await writeFolderAtomic(dir, async (folder) => {
    const [withBurp, without] = [join(folder, "burp-audio"), join(folder, "not-burp-audio")];
    await Deno.mkdir(withBurp);
    await Deno.mkdir(without);
    const write = async (path: string, samples: Float32Array) => {
      signal?.throwIfAborted();
      await writeWav(path, samples, { sampleRate });
      onProgress?.(++written);
    };
    for (let i = 0; i < positives; i++) {
      await write(
        join(withBurp, nameOf(i, "burp")),
        synthesizeBurp(random.fork(`burp ${i}`), { sampleRate }),
      );
    }
    for (let i = 0; i < negatives; i++) {
      const { kind, samples } = synthesizeConfuser(random.fork(`confuser ${i}`), { sampleRate });
      await write(join(without, nameOf(i, kind)), samples);
    }
  });
}
