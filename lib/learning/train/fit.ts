import { createRandom } from "lib/base/numbers/random.ts";
import type { BatchSource, HardnessChange } from "lib/learning/dataset/batch_source.ts";
import type { HardNegatives } from "lib/learning/train/hard_negatives.ts";
import type { NetworkState, TrainableNetwork, WeightArrays } from "lib/learning/train/network.ts";
import { learningRateAt, type ScheduleConfig } from "lib/learning/train/schedule.ts";
import {
  type ScoredValidation,
  validate,
  type ValidationFigures,
  type ValidationSet,
} from "lib/learning/train/validation.ts";

/** What one epoch gave. */
export interface Epoch {
  /** Which network of the model, from 1. */
  readonly network: number;
  /** From 1. */
  readonly epoch: number;
  /** Steps taken since the start of the network's training. */
  readonly step: number;
  /** Mean loss of the epoch's steps. */
  readonly loss: number;
  /** At the epoch's last step. */
  readonly learningRate: number;
  readonly validation: ValidationFigures;
  /** Whether no earlier epoch was better. */
  readonly best: boolean;
  /** Since the start of the network's training, pauses between runs left out. */
  readonly seconds: number;
}

/** Where a training stands after an epoch; enough to go on. */
export interface Checkpoint {
  readonly epochs: readonly Epoch[];
  readonly network: NetworkState;
  /** The weights of the best epoch. */
  readonly bestWeights: WeightArrays;
  /** How hard the negatives are from which step on, oldest first; empty without hard negatives. */
  readonly hardness: readonly HardnessChange[];
}

/** A step within an epoch, for a progress bar. */
export interface Step {
  readonly step: number;
  readonly loss: number;
}

export interface FitOptions {
  /** Which network of the model it is, from 1, for the epochs. */
  readonly number: number;
  readonly batches: BatchSource;
  readonly validation: ValidationSet;
  /** Looks after each epoch which negatives the network takes for an event. */
  readonly hardNegatives?: HardNegatives;
  readonly epochs: number;
  readonly stepsPerEpoch: number;
  readonly schedule: ScheduleConfig;
  readonly seed: string | number;
  /** Goes on after this checkpoint's last epoch. */
  readonly from?: Checkpoint | undefined;
  readonly onStep?: ((step: Step) => void) | undefined;
  /** Gets the scores of the validation windows, before the checkpoint of their epoch. */
  readonly onValidation?: ((scored: ScoredValidation) => void) | undefined;
  /** Ends the training after the step that is under way, as if the epochs so far had been all. */
  readonly signal?: AbortSignal | undefined;
  /** In milliseconds, for the seconds of the epochs. */
  readonly now: () => number;
}

/**
 * Trains a network and gives a checkpoint after each epoch. Batches, learning rate and dropout of a step depend on
 * the seed and the step's number alone, so that a training which was stopped goes on exactly as it would have.
 */
export async function* fit(network: TrainableNetwork, options: FitOptions): AsyncGenerator<Checkpoint> {
  const { batches, validation, stepsPerEpoch, schedule, seed, from, signal, now } = options;
  const steps = options.epochs * stepsPerEpoch;
  const epochs: Epoch[] = [...from?.epochs ?? []];
  let bestWeights = from?.bestWeights;
  let hardness = from?.hardness ?? [];
  for (const change of hardness) batches.setHardness(change.hardness, change.from);
  let best = Math.max(-1, ...epochs.map((epoch) => epoch.validation.averagePrecision));
  const started = now() - 1000 * (epochs.at(-1)?.seconds ?? 0);
  for (let epoch = epochs.length + 1; epoch <= options.epochs; epoch++) {
    let sum = 0;
    let count = 0;
    let step = (epoch - 1) * stepsPerEpoch;
    for (; step < epoch * stepsPerEpoch && !signal?.aborted; step++) {
      const batch = await batches.batch(step);
      const random = createRandom(`${seed}/step/${step}`);
      const loss = await network.step(batch, { learningRate: learningRateAt(step, steps, schedule), random });
      if (!Number.isFinite(loss)) {
        throw new RangeError(
          `Training diverged at step ${step + 1}: the loss is ${loss}; lower the peak learning rate`,
        );
      }
      sum += loss;
      count++;
      options.onStep?.({ step: step + 1, loss });
      // The native engine computes on this thread; batches from the others must be let in.
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    // Half an epoch is worth a validation only where there is nothing else to keep.
    if (count === 0 || (count < stepsPerEpoch && bestWeights)) return;
    const figures = await validate(network, validation, options.onValidation);
    // At equal figures the later epoch is the better one: its learning rate is lower.
    const isBest = figures.averagePrecision >= best;
    if (isBest || !bestWeights) {
      best = figures.averagePrecision;
      bestWeights = await network.weights();
    }
    // It counts from the epoch after next: batches of the next one may be under way.
    const nextButOne = (epoch + 1) * stepsPerEpoch;
    if (options.hardNegatives && nextButOne < steps) {
      const measured = await options.hardNegatives.measure(network, epoch, hardness.at(-1)?.hardness);
      const change = { hardness: measured, from: nextButOne };
      batches.setHardness(change.hardness, change.from);
      hardness = [...hardness.slice(-1), change];
    }
    epochs.push({
      network: options.number,
      epoch,
      step,
      loss: sum / count,
      learningRate: learningRateAt(step - 1, steps, schedule),
      validation: figures,
      best: isBest,
      seconds: (now() - started) / 1000,
    });
    yield { epochs: [...epochs], network: await network.save(), bestWeights, hardness };
    if (signal?.aborted) return;
  }
}
