import { readIfThere } from "lib/base/system/if_there.ts";
import { type ArrayFile, readArrays } from "lib/learning/train/array_file.ts";
import type { NetworkState } from "lib/learning/train/network.ts";

/** Thrown when a checkpoint cannot be gone on with. */
export class CheckpointError extends Error {
  override readonly name = "CheckpointError";
}

/** The error of a checkpoint that cannot be read. */
export function damagedCheckpoint(path: string, cause?: unknown): CheckpointError {
  return new CheckpointError(`${path}: the checkpoint is damaged; delete it to start over`, { cause });
}

/**
 * Reads the file of a checkpoint.
 *
 * @returns Undefined if there is none.
 * @throws {CheckpointError} If it is damaged.
 */
export async function readCheckpointFile(path: string): Promise<ArrayFile | undefined> {
  const bytes = await readIfThere(path);
  if (!bytes) return undefined;
  try {
    return readArrays(bytes);
  } catch (cause) {
    throw damagedCheckpoint(path, cause);
  }
}

/** Where a network stands, apart from the optimizer's step, which is a number. */
export function networkArrays({ optimizer, statistics }: NetworkState): [string, Float32Array][] {
  const { weights, firstMoment, secondMoment, average } = optimizer;
  return Object.entries({ weights, firstMoment, secondMoment, average, statistics });
}

/**
 * The same the other way round.
 *
 * @throws {CheckpointError} If one of the arrays is missing.
 */
export function networkFrom({ arrays }: ArrayFile, path: string, step: number): NetworkState {
  const named = (name: string) => {
    const data = arrays.get(name);
    if (!data) throw damagedCheckpoint(path);
    return data;
  };
  return {
    optimizer: {
      weights: named("weights"),
      firstMoment: named("firstMoment"),
      secondMoment: named("secondMoment"),
      average: named("average"),
      step,
    },
    statistics: named("statistics"),
  };
}
