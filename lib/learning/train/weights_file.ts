import { join } from "node:path";
import { type Architecture, parametersOf } from "lib/learning/model/architecture.ts";
import { ModelPackageError } from "lib/learning/model_package/package_error.ts";
import { readArrays, writeArrays } from "lib/learning/train/array_file.ts";
import type { NetworkState, WeightArrays } from "lib/learning/train/network.ts";

/** The trained weights in a model's folder, for trainings that start from it. */
export const WEIGHTS_FILE = "weights.bin";

/** Bytes of `weights.bin`: the weights as they were trained, before normalisation was folded into them. */
export function encodeWeights(weights: WeightArrays): Uint8Array<ArrayBuffer> {
  return writeArrays({ format: 1 }, Object.entries(weights));
}

/**
 * Reads the weights of a model that another training shall start from.
 *
 * @throws {ModelPackageError} If the folder has none, or they are damaged.
 */
export async function readWeights(dir: string): Promise<WeightArrays> {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = await Deno.readFile(join(dir, WEIGHTS_FILE));
  } catch (cause) {
    const isThere = await Deno.stat(dir).then(() => true, () => false);
    const problem = isThere
      ? `it has no ${WEIGHTS_FILE} to start from; name a model trained by this program`
      : "there is no such folder to start from";
    throw new ModelPackageError(dir, problem, { cause });
  }
  try {
    return Object.fromEntries(readArrays(bytes).arrays);
  } catch (cause) {
    throw new ModelPackageError(dir, `${WEIGHTS_FILE} is damaged; copy the whole folder again`, { cause });
  }
}

/**
 * A fresh state with the weights of another model wherever name and shape agree. The last layer starts anew, since it
 * stands for other events.
 *
 * @returns The state, and the share of its numbers that were taken over.
 */
export function startFrom(
  architecture: Architecture,
  fresh: NetworkState,
  base: WeightArrays,
): { state: NetworkState; share: number } {
  const weights = fresh.optimizer.weights.slice();
  const statistics = fresh.statistics.slice();
  let trainedAt = 0;
  let runningAt = 0;
  let taken = 0;
  for (const { name, shape, trained } of parametersOf(architecture)) {
    const size = shape.reduce((product, n) => product * n, 1);
    const source = base[name];
    if (source?.length === size && !name.startsWith("logits/")) {
      if (trained) weights.set(source, trainedAt);
      else statistics.set(source, runningAt);
      taken += size;
    }
    if (trained) trainedAt += size;
    else runningAt += size;
  }
  const optimizer = { ...fresh.optimizer, weights, average: weights.slice() };
  return { state: { optimizer, statistics }, share: taken / (trainedAt + runningAt) };
}
