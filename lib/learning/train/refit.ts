import { createRandom } from "lib/base/numbers/random.ts";
import { createBatchSource } from "lib/learning/dataset/batch_source.ts";
import { createHardNegatives } from "lib/learning/train/hard_negatives.ts";
import { createNetwork, initialState, type WeightArrays } from "lib/learning/train/network.ts";
import { learningRateAt } from "lib/learning/train/schedule.ts";
import type { RefitConfig } from "lib/learning/train/train_config.ts";
import { batchConfigOf, type NetworkJob, networkSeed } from "lib/learning/train/train_network.ts";
import { networkSteps, takeSteps } from "lib/learning/train/training_steps.ts";
import { startFrom } from "lib/learning/train/weights_file.ts";

/**
 * Goes on from a network that was measured, with all clips: where these are few, those that were held back are worth more to
 * it than another measurement. Which negatives are hard, the network tells once, at the start.
 *
 * @param measured Weights to go on from.
 * @returns The averaged weights after the last step; undefined if it was interrupted.
 */
export async function refitNetwork(
  { engine, architecture, config, events, negatives, index, background, threads = 1, onStep, signal }: Omit<
    NetworkJob,
    "data" | "bases" | "from"
  >,
  measured: WeightArrays,
  refit: RefitConfig,
): Promise<WeightArrays | undefined> {
  const { measured: before, refit: steps } = networkSteps({ ...config, refit });
  const seed = `${networkSeed(config, index)}/refit`;
  const pools = {
    positives: events.map(({ positives }) => positives),
    negatives,
    background: background?.train,
  };
  const batchConfig = batchConfigOf(config, architecture);
  const { state } = startFrom(architecture, initialState(architecture, seed), measured, { sameEvents: true });
  const network = createNetwork(engine.tf, architecture, { state, optimizer: config.optimizer });
  const batches = createBatchSource(pools, batchConfig, { seed, threads, last: steps - 1 });
  try {
    const hardNegatives = createHardNegatives(pools, {
      features: config.features,
      windowSeconds: config.mixture.windowSeconds,
      frameStride: batchConfig.frameStride,
      seed,
    });
    batches.setHardness(await hardNegatives.measure(network, 1), 0);
    const { count } = await takeSteps(network, {
      batches,
      from: 0,
      to: steps,
      rateAt: (step) => learningRateAt(step, steps, refit.schedule),
      randomOf: (step) => createRandom(`${seed}/step/${step}`),
      onStep: (step) => onStep?.({ ...step, step: before + step.step }),
      signal,
    });
    return count === steps ? await network.weights() : undefined;
  } finally {
    batches.close();
    network.dispose();
  }
}
