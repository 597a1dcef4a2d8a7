import type * as tfjs from "@tensorflow/tfjs";
import type { LessonStatistics } from "lib/learning/distil/distillation_loss.ts";
import { batchOf, type LessonShape } from "lib/learning/distil/lesson_batches.ts";
import type { LessonWindows } from "lib/learning/distil/lesson_windows.ts";
import { type Architecture, parametersOf } from "lib/learning/model/architecture.ts";
import { forward } from "lib/learning/model/forward.ts";
import type { TensorFlow } from "lib/learning/model/tensor_ops.ts";
import { takeValues, type WeightArrays } from "lib/learning/train/network.ts";

/** How near a student is to its teacher, on windows of sounds that it did not learn from. */
export interface StudentFigures {
  /** Squared error of the embedding, as a share of its variance there. */
  readonly embeddingError: number;
  /** Correlation of the scores of each class; undefined for one that the teacher never gives 0.2. */
  readonly correlations: readonly (number | undefined)[];
}

/** Windows at once. */
const BATCH = 24;
/** A class counts as heard where the teacher gives it this score. */
const HEARD = 0.2;

/** Compares what a student says with what its teacher does. */
export async function compareWithTeacher(
  tf: TensorFlow,
  { architecture, weights, held, shape, statistics }: {
    readonly architecture: Architecture;
    readonly weights: WeightArrays;
    readonly held: LessonWindows;
    readonly shape: LessonShape;
    readonly statistics: LessonStatistics;
  },
): Promise<StudentFigures> {
  const { T, M, classes, channels } = shape;
  const tensors: Record<string, tfjs.Tensor> = Object.fromEntries(
    parametersOf(architecture).map((p) => [p.name, tf.tensor(weights[p.name]!, [...p.shape])]),
  );
  const sums = Array.from({ length: classes }, () => new Correlation());
  const highest = new Float32Array(classes);
  let [errors, squares] = [0, 0];
  try {
    for (let from = 0; from < held.count; from += BATCH) {
      const chosen = Array.from({ length: Math.min(BATCH, held.count - from) }, (_, i) => from + i);
      const { logMel, targets } = batchOf(held, chosen, { shape, statistics });
      const outputs = await takeValues(tf.tidy(() =>
        forward(tf, architecture, {
          weights: tensors,
          logMel: tf.tensor3d(logMel, [chosen.length, T, M]),
        })
      ));
      outputs.forEach((output, i) => {
        const k = i % (classes + channels);
        const target = targets[i]!;
        if (k < classes) {
          sums[k]!.add(1 / (1 + Math.exp(-output)), target);
          highest[k] = Math.max(highest[k]!, target);
        } else {
          const square = statistics.spread[k - classes]! ** 2;
          errors += square * (output - target) ** 2;
          squares += square * target ** 2;
        }
      });
    }
  } finally {
    tf.dispose(Object.values(tensors));
  }
  return {
    // Means of what was learnt from stand for those of the held windows.
    embeddingError: errors / squares,
    correlations: sums.map((sum, k) => highest[k]! < HEARD ? undefined : sum.value()),
  };
}

/** The mean of those that are defined. */
export function meanCorrelation({ correlations }: StudentFigures): number {
  const heard = correlations.filter((value) => value !== undefined);
  return heard.reduce((sum, value) => sum + value, 0) / Math.max(1, heard.length);
}

/** Pearson's coefficient of pairs that come one by one. */
class Correlation {
  #n = 0;
  #x = 0;
  #y = 0;
  #xx = 0;
  #yy = 0;
  #xy = 0;

  add(x: number, y: number): void {
    this.#n++;
    this.#x += x;
    this.#y += y;
    this.#xx += x * x;
    this.#yy += y * y;
    this.#xy += x * y;
  }

  value(): number {
    const n = this.#n;
    const [vx, vy] = [this.#xx - this.#x ** 2 / n, this.#yy - this.#y ** 2 / n];
    return vx > 0 && vy > 0 ? (this.#xy - this.#x * this.#y / n) / Math.sqrt(vx * vy) : 0;
  }
}
