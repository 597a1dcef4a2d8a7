import { basename, join } from "node:path";
import type { TrainJob } from "lib/train/train_model.ts";
import { readWeights, WEIGHTS_FILE } from "lib/train/weights_file.ts";

/**
 * The weights that a training starts from: those of the given folder, else of `models/base` where that is there.
 *
 * @param given A model's folder, or `none` to start from nothing.
 */
export async function startingPoint(given: string | undefined): Promise<Pick<TrainJob, "base">> {
  if (given?.split(/[/\\]/).at(-1) === "none") return {};
  const isThere = await Deno.stat(join("models/base", WEIGHTS_FILE)).then(() => true, () => false);
  const dir = given ?? (isThere ? "models/base" : undefined);
  return dir === undefined ? {} : { base: { name: basename(dir), weights: await readWeights(dir) } };
}
