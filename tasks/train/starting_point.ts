import { basename, join } from "node:path";
import type { TrainJob } from "lib/train/train_model.ts";
import { readWeights, WEIGHTS_FILE } from "lib/train/weights_file.ts";

const MODELS = "models";
/** What `pretrain` calls what it makes. */
const BASE = /^base(?:-(\d+))?$/;

/**
 * The weights that the networks of a model start from in turn: those of the given folders, else of `models/base`,
 * `models/base-2` and so on where they are there. Networks that come from different beginnings err differently, so that
 * their mean is better.
 *
 * @param given Models' folders, or `none` to start from nothing.
 * @throws {ModelPackageError} If a folder has no weights to start from.
 */
export async function startingPoint(given: readonly string[]): Promise<Pick<TrainJob, "bases">> {
  if (given.length === 1 && basename(given[0]!) === "none") return {};
  const dirs = given.length > 0 ? given : await ownBases();
  const bases = await Promise.all(
    dirs.map(async (dir) => ({ name: basename(dir), weights: await readWeights(dir) })),
  );
  return bases.length === 0 ? {} : { bases };
}

/** By rising number. */
async function ownBases(): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(MODELS)).catch(() => []);
  const numbered = entries.flatMap(({ name }) => {
    const match = BASE.exec(name);
    return match ? [{ dir: join(MODELS, name), number: Number(match[1] ?? 1) }] : [];
  });
  const isThere = await Promise.all(
    numbered.map(({ dir }) => Deno.stat(join(dir, WEIGHTS_FILE)).then(() => true, () => false)),
  );
  return numbered
    .filter((_, i) => isThere[i])
    .sort((a, b) => a.number - b.number)
    .map(({ dir }) => dir);
}
