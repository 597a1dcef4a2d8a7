import type { Random } from "lib/base/numbers/random.ts";
import type { BatchSource } from "lib/learning/dataset/batch_source.ts";
import type { Step } from "lib/learning/train/fit.ts";
import type { TrainableNetwork } from "lib/learning/train/network.ts";
import { learningRateAt } from "lib/learning/train/schedule.ts";
import type { TrainConfig } from "lib/learning/train/train_config.ts";

type StepConfig = Pick<TrainConfig, "epochs" | "stepsPerEpoch" | "refit" | "schedule">;

/** Steps of each network: first those that held-back clips measure, then those with all clips. */
export function networkSteps(
  { epochs, stepsPerEpoch, refit }: Omit<StepConfig, "schedule">,
): { readonly measured: number; readonly refit: number; readonly all: number } {
  const measured = epochs * stepsPerEpoch;
  const after = refit ? Math.ceil(refit.share * measured) : 0;
  return { measured, refit: after, all: measured + after };
}

/** The learning rate of a network's step, from 0. */
export function learningRateOf(step: number, config: StepConfig): number {
  const steps = networkSteps(config);
  return config.refit && step >= steps.measured
    ? learningRateAt(step - steps.measured, steps.refit, config.refit.schedule)
    : learningRateAt(step, steps.measured, config.schedule);
}

/** How some steps are taken. */
interface StepOptions {
  readonly batches: BatchSource;
  /** The first step, from 0, and the one before which it ends. */
  readonly from: number;
  readonly to: number;
  readonly rateAt: (step: number) => number;
  /** The random numbers of a step. */
  readonly randomOf: (step: number) => Random;
  readonly onStep?: ((step: Step) => void) | undefined;
  /** Ends it after the step that is under way. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Takes some steps.
 *
 * @returns How many were taken, and their mean loss.
 * @throws {RangeError} If the loss is no number any more.
 */
export async function takeSteps(
  network: TrainableNetwork,
  { batches, from, to, rateAt, randomOf, onStep, signal }: StepOptions,
): Promise<{ readonly count: number; readonly loss: number }> {
  let sum = 0;
  let step = from;
  for (; step < to && !signal?.aborted; step++) {
    const batch = await batches.batch(step);
    const loss = await network.step(batch, { learningRate: rateAt(step), random: randomOf(step) });
    if (!Number.isFinite(loss)) {
      throw new RangeError(
        `Training diverged at step ${step + 1}: the loss is ${loss}; lower the peak learning rate`,
      );
    }
    sum += loss;
    onStep?.({ step: step + 1, loss });
    // The native engine computes on this thread; batches from the others must be let in.
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  return { count: step - from, loss: sum / (step - from) };
}
