import { join } from "node:path";
import { secondsToSamples } from "lib/base/events/time_grid.ts";
import { createRandom } from "lib/base/numbers/random.ts";
import { writeFileAtomic } from "lib/base/system/atomic_file.ts";
import { readIfThere } from "lib/base/system/if_there.ts";
import { mixLesson, type SoundGroup } from "lib/learning/distil/mix_lesson.ts";
import type { Teacher } from "lib/learning/distil/teacher.ts";
import { computeLogMel } from "lib/learning/features/log_mel.ts";

/** Length of a window, in seconds. */
export const WINDOW_SECONDS = 2.56;
/** Windows that the teacher is asked about at once. */
const ASKED_AT_ONCE = 8;

/** Windows of sound and what the teacher says of them. */
export interface LessonWindows {
  readonly count: number;
  /** Shape [N, T, M]. */
  readonly logMel: Float16Array;
  /** Shape [N, S, K]. */
  readonly scores: Float16Array;
  /** Shape [N, S, E]. */
  readonly embeddings: Float16Array;
}

/** Log-mel frames T and steps S of a window. */
export function windowShape({ features, stride }: Pick<Teacher, "features" | "stride">): {
  T: number;
  S: number;
} {
  const S = Math.floor(secondsToSamples(WINDOW_SECONDS, features.sampleRate) / features.hopLength / stride);
  return { T: S * stride, S };
}

/** Mixes windows and asks the teacher about them; the same seed gives the same. */
export async function askTeacher(
  teacher: Teacher,
  groups: readonly SoundGroup[],
  { count, seed, signal }: {
    readonly count: number;
    readonly seed: string | number;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<LessonWindows> {
  const random = createRandom(seed);
  const { features, classes, channels } = teacher;
  const { T, S } = windowShape(teacher);
  const size = T * features.nMels;
  const logMel = new Float16Array(count * size);
  const scores = new Float16Array(count * S * classes.length);
  const embeddings = new Float16Array(count * S * channels);
  for (let from = 0; from < count; from += ASKED_AT_ONCE) {
    signal?.throwIfAborted();
    const batch = Math.min(ASKED_AT_ONCE, count - from);
    const asked = new Float32Array(batch * size);
    for (let b = 0; b < batch; b++) {
      const window = mixLesson(groups, { seconds: WINDOW_SECONDS, sampleRate: features.sampleRate, random });
      asked.set(computeLogMel(window, features).data.subarray(0, size), b * size);
    }
    logMel.set(asked, from * size);
    const lesson = await teacher.teach(asked, batch);
    scores.set(lesson.scores, from * S * classes.length);
    embeddings.set(lesson.embeddings, from * S * channels);
  }
  return { count, logMel, scores, embeddings };
}

/** Windows in numbered files of a folder, each made when it is first asked for. */
export interface WindowStore {
  /** @param part From 0, or those to measure by. */
  load(part: number | "held"): Promise<LessonWindows>;
}

/**
 * Keeps windows in a folder: mixing one and asking about it takes as long as learning from it, and each is learnt from several
 * times.
 *
 * @param make Makes a part; called once for each, also after an interruption.
 */
export function openWindowStore(
  folder: string,
  teacher: Teacher,
  { windows, make }: {
    /** In each part. */
    readonly windows: number;
    readonly make: (part: number | "held") => Promise<LessonWindows>;
  },
): WindowStore {
  const { T, S } = windowShape(teacher);
  const sizes = [T * teacher.features.nMels, S * teacher.classes.length, S * teacher.channels]
    .map((size) => size * windows);
  return {
    async load(part) {
      const path = join(folder, `windows-${String(part).padStart(4, "0")}.bin`);
      const bytes = await readIfThere(path);
      if (bytes) {
        const values = new Float16Array(bytes.buffer);
        const [logMel, scores, embeddings] = sizes.map((size, i) => {
          const from = sizes.slice(0, i).reduce((sum, n) => sum + n, 0);
          return values.subarray(from, from + size);
        }) as [Float16Array, Float16Array, Float16Array];
        return { count: windows, logMel, scores, embeddings };
      }
      const made = await make(part);
      const all = new Float16Array(sizes.reduce((sum, n) => sum + n, 0));
      all.set(made.logMel);
      all.set(made.scores, sizes[0]!);
      all.set(made.embeddings, sizes[0]! + sizes[1]!);
      await Deno.mkdir(folder, { recursive: true });
      await writeFileAtomic(path, new Uint8Array(all.buffer));
      return made;
    },
  };
}
