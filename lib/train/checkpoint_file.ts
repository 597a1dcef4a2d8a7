import { writeFileAtomic } from "lib/system/atomic_file.ts";
import type { Checkpoint, Epoch } from "lib/train/fit.ts";
import type { WeightArrays } from "lib/train/network.ts";

/** Says which training a checkpoint belongs to: it must not go on with other clips or settings. */
export interface CheckpointOwner {
  readonly config: unknown;
  readonly dataFingerprint: string;
}

/** Thrown when a checkpoint cannot be gone on with. */
export class CheckpointError extends Error {
  override readonly name = "CheckpointError";
}

interface Header {
  readonly format: 1;
  readonly owner: CheckpointOwner;
  readonly epochs: readonly Epoch[];
  readonly step: number;
  /** Names and lengths of the arrays that follow, in order. */
  readonly arrays: readonly (readonly [string, number])[];
}

/** Writes a checkpoint as one file: the length of a JSON header, the header, then float32 arrays. */
export async function writeCheckpoint(
  path: string,
  checkpoint: Checkpoint,
  owner: CheckpointOwner,
): Promise<void> {
  const { optimizer, statistics } = checkpoint.network;
  const arrays: [string, Float32Array][] = [
    ["weights", optimizer.weights],
    ["firstMoment", optimizer.firstMoment],
    ["secondMoment", optimizer.secondMoment],
    ["average", optimizer.average],
    ["statistics", statistics],
    ...Object.entries(checkpoint.bestWeights).map((
      [name, data],
    ): [string, Float32Array] => [`best:${name}`, data]),
  ];
  const header: Header = {
    format: 1,
    owner,
    epochs: checkpoint.epochs,
    step: optimizer.step,
    arrays: arrays.map(([name, data]) => [name, data.length]),
  };
  const json = new TextEncoder().encode(JSON.stringify(header));
  // Arrays begin at a multiple of four bytes.
  const start = 4 + Math.ceil(json.length / 4) * 4;
  const bytes = new Uint8Array(start + 4 * arrays.reduce((sum, [, data]) => sum + data.length, 0));
  new DataView(bytes.buffer).setUint32(0, json.length, true);
  bytes.set(json, 4);
  const floats = new Float32Array(bytes.buffer, start);
  let at = 0;
  for (const [, data] of arrays) {
    floats.set(data, at);
    at += data.length;
  }
  await writeFileAtomic(path, bytes);
}

/**
 * Reads a checkpoint.
 *
 * @returns Undefined if there is none.
 * @throws {CheckpointError} If it is damaged, or belongs to a training with other clips or settings.
 */
export async function readCheckpoint(path: string, owner: CheckpointOwner): Promise<Checkpoint | undefined> {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = await Deno.readFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  const damaged = (cause?: unknown): CheckpointError =>
    new CheckpointError(`${path}: the checkpoint is damaged; delete it to start over`, { cause });
  let header: Header;
  let start: number;
  try {
    const length = new DataView(bytes.buffer).getUint32(0, true);
    header = JSON.parse(
      new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(4, 4 + length)),
    ) as Header;
    start = 4 + Math.ceil(length / 4) * 4;
  } catch (cause) {
    throw damaged(cause);
  }
  const total = header.arrays?.reduce?.((sum, [, length]) => sum + length, 0);
  if (header.format !== 1 || bytes.length !== start + 4 * total) throw damaged();
  if (JSON.stringify(header.owner) !== JSON.stringify(owner)) {
    throw new CheckpointError(
      `${path}: this checkpoint belongs to a training with other clips or settings; ` +
        "use the same ones, or leave out --resume to start over",
    );
  }
  const arrays = new Map<string, Float32Array>();
  let at = start;
  for (const [name, length] of header.arrays) {
    arrays.set(name, new Float32Array(bytes.slice(at, at += 4 * length).buffer));
  }
  const bestWeights: Record<string, Float32Array> = {};
  for (const [name, data] of arrays) if (name.startsWith("best:")) bestWeights[name.slice(5)] = data;
  const named = (name: string): Float32Array => {
    const data = arrays.get(name);
    if (!data) throw damaged();
    return data;
  };
  return {
    epochs: header.epochs,
    network: {
      optimizer: {
        weights: named("weights"),
        firstMoment: named("firstMoment"),
        secondMoment: named("secondMoment"),
        average: named("average"),
        step: header.step,
      },
      statistics: named("statistics"),
    },
    bestWeights: bestWeights satisfies WeightArrays,
  };
}
