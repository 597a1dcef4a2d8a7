import { z } from "zod";
import { writeFileAtomic } from "lib/base/system/atomic_file.ts";
import type { HardnessChange } from "lib/learning/dataset/batch_source.ts";
import { writeArrays } from "lib/learning/train/array_file.ts";
import {
  CheckpointError,
  damagedCheckpoint,
  networkArrays,
  networkFrom,
  readCheckpointFile,
} from "lib/learning/train/checkpoint_arrays.ts";
import type { Epoch } from "lib/learning/train/fit.ts";
import type { ModelCheckpoint } from "lib/learning/train/trained_network.ts";

/** Says which training a checkpoint belongs to: it must not go on with other clips or settings. */
export interface CheckpointOwner {
  readonly config: Readonly<Record<string, unknown>>;
  readonly dataFingerprint: string;
}

/** Writes a checkpoint as one file, whole or not at all. */
export async function writeCheckpoint(
  path: string,
  checkpoint: ModelCheckpoint,
  owner: CheckpointOwner,
): Promise<void> {
  const arrays: [string, Float32Array][] = [
    ...networkArrays(checkpoint.network),
    ...Object.entries(checkpoint.bestWeights).map((
      [name, data],
    ): [string, Float32Array] => [`best:${name}`, data]),
  ];
  for (const { hardness, from } of checkpoint.hardness) arrays.push([`hardness:${from}`, hardness]);
  checkpoint.finished.forEach(({ weights }, i) => {
    for (const [name, data] of Object.entries(weights)) arrays.push([`finished:${i}:${name}`, data]);
  });
  const finished = checkpoint.finished.map(({ epochs }) => epochs);
  const header = {
    format: 2,
    owner,
    epochs: checkpoint.epochs,
    finished,
    step: checkpoint.network.optimizer.step,
  };
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
  const file = await readCheckpointFile(path);
  if (!file) return undefined;
  const { header, arrays } = file;
  if (
    header["format"] !== 2 || !Array.isArray(header["epochs"]) || !Array.isArray(header["finished"]) ||
    typeof header["step"] !== "number"
  ) {
    throw damagedCheckpoint(path);
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
      if (!network) throw damagedCheckpoint(path);
      network.weights[weight] = data;
    }
    if (name.startsWith("best:")) bestWeights[name.slice(5)] = data;
    if (name.startsWith("hardness:")) hardness.push({ hardness: data, from: Number(name.slice(9)) });
  }
  return {
    // Written by this program for the same owner, and whole.
    epochs: header["epochs"] as Epoch[],
    network: networkFrom(file, path, header["step"]),
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
