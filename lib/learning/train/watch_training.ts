import type { Epoch } from "lib/learning/train/fit.ts";
import { learningRateAt } from "lib/learning/train/schedule.ts";
import { type TrainedModel, type TrainJob, trainModel } from "lib/learning/train/train_model.ts";
import type { ScoredValidation } from "lib/learning/train/validation.ts";

/** What is known of a training at one of its steps, as plots of training take it. */
interface WatchedPoint {
  /** Steps so far, over all networks of the model. */
  readonly step: number;
  readonly loss?: number;
  readonly learningRate?: number;
  /** Average precision on the validation clips, from 0 to 1; where an epoch ended. */
  readonly validationAveragePrecision?: number;
}

/** Where a training stands. */
export interface TrainingProgress {
  /** Grows by a point with each step. */
  readonly points: readonly WatchedPoint[];
  /** Whether an epoch has just ended: then the scores are new. */
  readonly epochEnded: boolean;
  /** Of the network that is being trained, or was trained last. */
  readonly epochs: readonly Epoch[];
  /** What the network said of the validation windows after the last epoch; undefined before the first ends. */
  readonly scored: ScoredValidation | undefined;
}

/**
 * Trains a model as `trainModel()` does, and gives where it stands after each step that somebody has time to look at,
 * and after each epoch. The model is the return value.
 */
export async function* watchTraining(
  job: Omit<TrainJob, "onStep" | "onValidation">,
): AsyncGenerator<TrainingProgress, TrainedModel> {
  const { epochs, stepsPerEpoch, schedule } = job.config;
  const steps = epochs * stepsPerEpoch;
  const points: WatchedPoint[] = [];
  let scored: ScoredValidation | undefined;
  let lastEpochs: readonly Epoch[] = [];
  let news = Promise.withResolvers<"step">();
  const unwatched = new AbortController();
  const training = trainModel({
    ...job,
    signal: job.signal ? AbortSignal.any([job.signal, unwatched.signal]) : unwatched.signal,
    onStep: ({ step, loss }) => {
      points.push({ step, loss, learningRate: learningRateAt((step - 1) % steps, steps, schedule) });
      news.resolve("step");
    },
    onValidation: (latest) => void (scored = latest),
  });
  const progress = (epochEnded: boolean): TrainingProgress => ({
    points,
    epochEnded,
    epochs: lastEpochs,
    scored,
  });
  try {
    let turn = training.next();
    while (true) {
      // An error of the training shows when its turn is awaited below.
      const what = await Promise.race([news.promise, turn.then(() => "turn", () => "turn")]);
      news = Promise.withResolvers();
      if (what === "step") {
        yield progress(false);
        continue;
      }
      const { done, value } = await turn;
      if (done) return value;
      lastEpochs = value.epochs;
      const { network, step, validation } = lastEpochs.at(-1)!;
      points.push({
        step: (network - 1) * steps + step,
        validationAveragePrecision: validation.averagePrecision,
      });
      yield progress(true);
      turn = training.next();
    }
  } finally {
    // Whoever stops watching stops the training, after the step that is under way.
    unwatched.abort();
    await training.return(undefined as unknown as TrainedModel);
  }
}
