import { writeFileAtomic } from "lib/base/system/atomic_file.ts";
import type { DistilCheckpoint } from "lib/learning/distil/distil.ts";
import { writeArrays } from "lib/learning/train/array_file.ts";
import {
  CheckpointError,
  damagedCheckpoint,
  networkArrays,
  networkFrom,
  readCheckpointFile,
} from "lib/learning/train/checkpoint_arrays.ts";

/** Writes where a student stands, whole or not at all. @param owner Says which training it is. */
export async function writeDistilCheckpoint(
  path: string,
  { step, seconds, network }: DistilCheckpoint,
  owner: string,
): Promise<void> {
  const header = { format: 1, owner, step, seconds, optimizerStep: network.optimizer.step };
  await writeFileAtomic(path, writeArrays(header, networkArrays(network)));
}

/**
 * Reads where a student stands.
 *
 * @returns Undefined if there is no checkpoint.
 * @throws {CheckpointError} If it is damaged, or of another training.
 */
export async function readDistilCheckpoint(
  path: string,
  owner: string,
): Promise<Pick<DistilCheckpoint, "step" | "seconds" | "network"> | undefined> {
  const file = await readCheckpointFile(path);
  if (!file) return undefined;
  const { header } = file;
  if (header["owner"] !== owner) {
    throw new CheckpointError(
      `${path}: this checkpoint belongs to a training with other settings; use the same ones, or leave out --resume`,
    );
  }
  const { step, seconds, optimizerStep } = header;
  if (typeof step !== "number" || typeof seconds !== "number" || typeof optimizerStep !== "number") {
    throw damagedCheckpoint(path);
  }
  return { step, seconds, network: networkFrom(file, path, optimizerStep) };
}
