import { basename, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { LISTENER_FOLDER } from "lib/learning/listener/listener_package.ts";
import { readManifest } from "lib/learning/model_package/open_package.ts";
import type { TrainConfig } from "lib/learning/train/train_config.ts";
import type { TrainJob } from "lib/learning/train/train_model.ts";
import { trainingFrom } from "lib/learning/train/trunk_training.ts";
import { readWeights, WEIGHTS_FILE } from "lib/learning/train/weights_file.ts";

/** What a training starts from, and how it goes from there. */
interface StartingPoint extends Pick<TrainJob, "bases"> {
  readonly defaults: Omit<TrainConfig, "seed">;
}

const MODELS = "models";
/** What the trunks are called that come with the project. */
const BASE = /^base(?:-(\d+))?$/;

/**
 * What the networks of a model start from in turn: the given folders, else the listener, which has heard most, else
 * `models/base`, `models/base-2` and so on where they are there. Networks that come from different beginnings err
 * differently, so that their mean is better.
 *
 * @param given Models' folders, or `none` to start from nothing.
 * @throws {ModelPackageError} If a folder has no weights to start from.
 * @throws {RangeError} If the folders hold networks of different kinds.
 */
export async function startingPoint(given: readonly string[]): Promise<StartingPoint> {
  if (given.length === 1 && basename(given[0]!) === "none") return { defaults: trainingFrom(undefined) };
  const dirs = given.length > 0
    ? given
    : await hasWeights(LISTENER_FOLDER)
    ? [LISTENER_FOLDER]
    : await ownBases();
  const bases = await Promise.all(
    dirs.map(async (dir) => ({ name: basename(dir), weights: await readWeights(dir) })),
  );
  if (bases.length === 0) return { defaults: trainingFrom(undefined) };
  const [defaults, ...others] = await Promise.all(
    dirs.map(async (dir) => trainingFrom(await readManifest(dir))),
  );
  const odd = others.findIndex(({ architecture, features }) =>
    !isDeepStrictEqual([architecture, features], [defaults!.architecture, defaults!.features])
  );
  if (odd >= 0) {
    throw new RangeError(
      `${dirs[0]} and ${dirs[odd + 1]} hold networks of different kinds: start from one of them`,
    );
  }
  return { bases, defaults: defaults! };
}

function hasWeights(dir: string): Promise<boolean> {
  return Deno.stat(join(dir, WEIGHTS_FILE)).then(() => true, () => false);
}

/** The trunks that come with the project, by rising number. */
export async function ownBases(): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(MODELS)).catch(() => []);
  const numbered = entries.flatMap(({ name }) => {
    const match = BASE.exec(name);
    return match ? [{ dir: join(MODELS, name), number: Number(match[1] ?? 1) }] : [];
  });
  const isThere = await Promise.all(
    numbered.map(({ dir }) => hasWeights(dir)),
  );
  return numbered
    .filter((_, i) => isThere[i])
    .sort((a, b) => a.number - b.number)
    .map(({ dir }) => dir);
}
