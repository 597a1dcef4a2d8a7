import { writeFileAtomic } from "lib/base/system/atomic_file.ts";
import type { DistilCheckpoint } from "lib/learning/distil/distil.ts";
import { readArrays, writeArrays } from "lib/learning/train/array_file.ts";
import { CheckpointError } from "lib/learning/train/checkpoint_file.ts";

const NAMES = ["weights", "firstMoment", "secondMoment", "average"] as const;

/** Writes where a student stands, whole or not at all. @param owner Says which training it is. */
export async function writeDistilCheckpoint(
  path: string,
  { step, seconds, network: { optimizer, statistics } }: DistilCheckpoint,
  owner: string,
): Promise<void> {
  const header = { format: 1, owner, step, seconds, optimizerStep: optimizer.step };
  const arrays = [
    ...NAMES.map((name) => [name, optimizer[name]] as const),
    ["statistics", statistics] as const,
  ];
  await writeFileAtomic(path, writeArrays(header, arrays));
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
  const bytes = await Deno.readFile(path).catch((error: unknown) => {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  });
  if (!bytes) return undefined;
  const damaged = (cause?: unknown): CheckpointError =>
    new CheckpointError(`${path}: the checkpoint is damaged; delete it to start over`, { cause });
  const read = (): ReturnType<typeof readArrays> => {
    try {
      return readArrays(bytes);
    } catch (cause) {
      throw damaged(cause);
    }
  };
  const { header, arrays } = read();
  if (header["owner"] !== owner) {
    throw new CheckpointError(
      `${path}: this checkpoint belongs to a training with other settings; use the same ones, or leave out --resume`,
    );
  }
  const { step, seconds, optimizerStep } = header;
  const [weights, firstMoment, secondMoment, average] = NAMES.map((name) => arrays.get(name));
  const statistics = arrays.get("statistics");
  if (
    typeof step !== "number" || typeof seconds !== "number" || typeof optimizerStep !== "number" ||
    !weights || !firstMoment || !secondMoment || !average || !statistics
  ) throw damaged();
  return {
    step,
    seconds,
    network: {
      optimizer: { weights, firstMoment, secondMoment, average, step: optimizerStep },
      statistics,
    },
  };
}
