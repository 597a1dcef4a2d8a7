import { z } from "zod";
import { writeFileAtomic } from "lib/base/system/atomic_file.ts";
import type { HardnessChange } from "lib/learning/dataset/batch_source.ts";
import { type ArrayFile, readArrays, writeArrays } from "lib/learning/train/array_file.ts";
import type { Epoch } from "lib/learning/train/fit.ts";
import type { ModelCheckpoint } from "lib/learning/train/trained_network.ts";

/** Says which training a checkpoint belongs to: it must not go on with other clips or settings. */
export interface CheckpointOwner {
  readonly config: Readonly<Record<string, unknown>>;
  readonly dataFingerprint: string;
}

/** Thrown when a checkpoint cannot be gone on with. */
export class CheckpointError extends Error {
  override readonly name = "CheckpointError";
}

/** Writes a checkpoint as one file, whole or not at all. */
export async function writeCheckpoint(
  path: string,
  checkpoint: ModelCheckpoint,
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
  for (const { hardness, from } of checkpoint.hardness) arrays.push([`hardness:${from}`, hardness]);
  checkpoint.finished.forEach(({ weights }, i) => {
    for (const [name, data] of Object.entries(weights)) arrays.push([`finished:${i}:${name}`, data]);
  });
  const finished = checkpoint.finished.map(({ epochs }) => epochs);
  const header = { format: 2, owner, epochs: checkpoint.epochs, finished, step: optimizer.step };
  await writeFileAtomic(path, writeArrays(header, arrays));
}

/**
 * Reads a checkpoint.
 *
 * @returns Undefined if there is none.
 * @throws {CheckpointError} If it is damaged, or belongs to a training with other clips or settings.
 */
export async function readCheckpoint(
  path: string,
  owner: CheckpointOwner,
): Promise<ModelCheckpoint | undefined> {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = await Deno.readFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  const damaged = (cause?: unknown): CheckpointError =>
    new CheckpointError(`${path}: the checkpoint is damaged; delete it to start over`, { cause });
  let file: ArrayFile;
  try {
    file = readArrays(bytes);
  } catch (cause) {
    throw damaged(cause);
  }
  const { header, arrays } = file;
  if (
    header["format"] !== 2 || !Array.isArray(header["epochs"]) || !Array.isArray(header["finished"]) ||
    typeof header["step"] !== "number"
  ) {
    throw damaged();
  }
  if (JSON.stringify(header["owner"]) !== JSON.stringify(owner)) {
    const differing = differences(ownerSchema.safeParse(header["owner"]).data, owner);
    throw new CheckpointError(
      `${path}: this checkpoint belongs to a training with other clips or settings (${differing}); ` +
        "use the same ones, or leave out --resume to start over",
    );
  }
  const bestWeights: Record<string, Float32Array> = {};
  const hardness: HardnessChange[] = [];
  const finished = header["finished"].map((epochs: Epoch[]) => ({
    epochs,
    weights: {} as Record<string, Float32Array>,
  }));
  for (const [name, data] of arrays) {
    const [, index, weight] = /^finished:(\d+):(.+)$/.exec(name) ?? [];
    if (weight !== undefined) {
      const network = finished[Number(index)];
      if (!network) throw damaged();
      network.weights[weight] = data;
    }
    if (name.startsWith("best:")) bestWeights[name.slice(5)] = data;
    if (name.startsWith("hardness:")) hardness.push({ hardness: data, from: Number(name.slice(9)) });
  }
  const named = (name: string): Float32Array => {
    const data = arrays.get(name);
    if (!data) throw damaged();
    return data;
  };
  return {
    // Written by this program for the same owner, and whole.
    epochs: header["epochs"] as Epoch[],
    network: {
      optimizer: {
        weights: named("weights"),
        firstMoment: named("firstMoment"),
        secondMoment: named("secondMoment"),
        average: named("average"),
        step: header["step"],
      },
      statistics: named("statistics"),
    },
    bestWeights,
    hardness,
    finished,
  };
}

const ownerSchema = z.object({ config: z.record(z.string(), z.json()), dataFingerprint: z.string() });

/** What another training was done with, such as `base: "base", now "base, base-2"`. */
function differences(kept: CheckpointOwner | undefined, owner: CheckpointOwner): string {
  if (!kept) return "it does not say which";
  const names = new Set([...Object.keys(kept.config), ...Object.keys(owner.config)]);
  const settings = [...names].flatMap((name) => {
    const [before, now] = [kept.config[name] ?? null, owner.config[name] ?? null].map((value) =>
      JSON.stringify(value)
    );
    if (before === now) return [];
    // Settings of many parts would not fit on a line.
    return [before!.length + now!.length > 120 ? name : `${name}: ${before}, now ${now}`];
  });
  return [...(kept.dataFingerprint === owner.dataFingerprint ? [] : ["clips"]), ...settings].join("; ");
}
