import { createRandom } from "lib/base/numbers/random.ts";
import {
  classWeights,
  distillationLoss,
  type LessonStatistics,
} from "lib/learning/distil/distillation_loss.ts";
import { batchOf, lessonStatistics, shuffledBatch } from "lib/learning/distil/lesson_batches.ts";
import { type LessonWindows, windowShape, type WindowStore } from "lib/learning/distil/lesson_windows.ts";
import { studentNetwork, type StudentSizes } from "lib/learning/distil/student.ts";
import { compareWithTeacher, type StudentFigures } from "lib/learning/distil/student_figures.ts";
import type { Teacher } from "lib/learning/distil/teacher.ts";
import type { Engine } from "lib/learning/train/engine.ts";
import {
  createNetwork,
  initialState,
  type NetworkState,
  type WeightArrays,
} from "lib/learning/train/network.ts";
import { DEFAULT_OPTIMIZER, type OptimizerConfig } from "lib/learning/train/optimizer.ts";
import { learningRateAt, type ScheduleConfig } from "lib/learning/train/schedule.ts";

/** What decides how a student learns, apart from what it hears. */
export interface DistilConfig {
  readonly steps: number;
  /** Windows in a batch. */
  readonly batchSize: number;
  /** Steps between two looks at what was not learnt from. */
  readonly stepsPerEpoch: number;
  /** Parts of windows; each is learnt from as often as the steps take. */
  readonly parts: number;
  /** Windows in a part. */
  readonly partWindows: number;
  readonly schedule: ScheduleConfig;
  readonly optimizer: OptimizerConfig;
  readonly seed: string | number;
}

export const DEFAULT_DISTIL_CONFIG = Object.freeze(
  {
    steps: 8000,
    batchSize: 24,
    stepsPerEpoch: 250,
    parts: 64,
    partWindows: 384,
    schedule: { peakRate: 3e-3, warmUp: 0.05 },
    optimizer: { ...DEFAULT_OPTIMIZER, averageDecay: 0.998 },
    seed: 1,
  } as const satisfies DistilConfig,
);

/** Where a student stands after some steps; enough to go on. */
export interface DistilCheckpoint {
  readonly step: number;
  /** Mean loss of the steps since the last one; about 2 before anything is learnt. */
  readonly loss: number;
  /** On sounds that were not learnt from. */
  readonly figures: StudentFigures;
  readonly network: NetworkState;
  /** Averaged over the last steps. */
  readonly weights: WeightArrays;
  /** Since the start, pauses left out. */
  readonly seconds: number;
}

/** What a student learns with. */
interface DistilJob {
  readonly engine: Engine;
  readonly teacher: Teacher;
  readonly sizes: StudentSizes;
  readonly config: DistilConfig;
  readonly windows: WindowStore;
  /** Windows of sounds that are not learnt from. */
  readonly held: LessonWindows;
  readonly from?: Pick<DistilCheckpoint, "step" | "network" | "seconds"> | undefined;
  readonly onStep?: (step: { readonly step: number; readonly loss: number }) => void;
  /** Ends the training; what was learnt since the last checkpoint is lost. */
  readonly signal?: AbortSignal | undefined;
  /** In milliseconds. */
  readonly now: () => number;
}

/**
 * Teaches a network, from nothing, what another says of sounds: gives a checkpoint after every epoch. Batches and learning
 * rate of a step depend on the seed and the step's number alone, so that one which was stopped goes on as it would have.
 */
export async function* distil(job: DistilJob): AsyncGenerator<DistilCheckpoint> {
  const { engine: { tf }, teacher, sizes, config, windows, from, signal, now } = job;
  const { steps, batchSize, stepsPerEpoch, parts, partWindows, schedule, seed } = config;
  const { classes, channels } = sizes;
  const statistics = lessonStatistics(await windows.load(0), { classes, channels });
  const architecture = studentNetwork(sizes);
  const network = createNetwork(tf, architecture, {
    state: from?.network ?? startAtMeans(initialState(architecture, seed), statistics),
    optimizer: config.optimizer,
    loss: distillationLoss(classes, classWeights(statistics)),
  });
  const shape = { ...windowShape(teacher), M: sizes.nMels, classes, channels };
  const perPart = Math.floor(partWindows / batchSize);
  const started = now() - 1000 * (from?.seconds ?? 0);
  let part: { readonly number: number; readonly windows: LessonWindows } | undefined;
  try {
    let [sum, count] = [0, 0];
    for (let step = from?.step ?? 0; step < steps; step++) {
      signal?.throwIfAborted();
      const number = Math.floor(step / perPart) % parts;
      if (part?.number !== number) part = { number, windows: await windows.load(number) };
      const batch = shuffledBatch(part.windows, {
        shape,
        statistics,
        batchSize,
        index: step % perPart,
        random: createRandom(`${seed}/order/${Math.floor(step / perPart)}`),
      });
      const loss = await network.step(batch, {
        learningRate: learningRateAt(step, steps, schedule),
        random: createRandom(`${seed}/step/${step}`),
      });
      if (!Number.isFinite(loss)) {
        throw new RangeError(`Learning diverged at step ${step + 1}: the loss is ${loss}; use another seed`);
      }
      sum += loss;
      count++;
      job.onStep?.({ step: step + 1, loss });
      // The native engine computes on this thread; others must be let in.
      await new Promise((resolve) => setTimeout(resolve, 0));
      if ((step + 1) % stepsPerEpoch !== 0 && step + 1 !== steps) continue;
      const { windows: latest } = part;
      const weights = await network.settledWeights(
        Array.from(
          { length: perPart },
          (_, i) =>
            batchOf(latest, Array.from({ length: batchSize }, (_, j) => i * batchSize + j), {
              shape,
              statistics,
            }),
        ),
      );
      yield {
        step: step + 1,
        loss: sum / count,
        figures: await compareWithTeacher(tf, { architecture, weights, held: job.held, shape, statistics }),
        network: await network.save(),
        weights,
        seconds: (now() - started) / 1000,
      };
      [sum, count] = [0, 0];
    }
  } finally {
    network.dispose();
  }
}

/** A fresh state whose last layer gives each class the score that it has on average. */
function startAtMeans(
  state: NetworkState,
  { meanScores, meanEmbedding }: LessonStatistics,
): NetworkState {
  const weights = state.optimizer.weights.slice();
  // Biases of the last layer are the last numbers of all: those of the classes, then those of the embedding.
  const bias = weights.subarray(weights.length - meanScores.length - meanEmbedding.length).fill(0);
  meanScores.forEach((mean, k) => bias[k] = Math.log(Math.max(1e-5, mean) / (1 - mean)));
  return { ...state, optimizer: { ...state.optimizer, weights, average: weights.slice() } };
}
