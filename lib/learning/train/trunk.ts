import { z } from "zod";
import { soundFeatures } from "lib/learning/features/model_input.ts";
import { networkOf, type NetworkSizes } from "lib/learning/model/architecture.ts";
import type { MobilenetStage } from "lib/learning/model/mobilenet.ts";
import type { Manifest } from "lib/learning/model_package/manifest.ts";
import { readManifest } from "lib/learning/model_package/open_package.ts";
import { ModelPackageError } from "lib/learning/model_package/package_error.ts";
import type { Trunk } from "lib/learning/train/clip_embeddings.ts";
import { readWeights } from "lib/learning/train/weights_file.ts";

/** What all networks have. */
const COMMON = { timeWidth: z.int().min(1), dilations: z.array(z.int().min(1)), dropout: z.number() };
const stride = z.int().min(1);
const stagesSchema = z.array(z.strictObject({ filters: z.int().min(1), stride: z.tuple([stride, stride]) }));
/** Sizes of a network as a manifest keeps them. */
const sizesSchema = z.union([
  z.looseObject({ ...COMMON, stages: stagesSchema, taps: z.array(z.int().min(1)) }),
  z.looseObject({ ...COMMON, width: z.int().min(1) }),
]);

/** Sizes of the network of a model that this program trained; undefined for another network. */
export function sizesOf({ architecture }: Pick<Manifest, "architecture">): NetworkSizes | undefined {
  return sizesSchema.safeParse(architecture.parameters).data;
}

/** The convolutions of a model that is a trunk for others, such as the listener; undefined for one that is none. */
export function stagesOf(
  { architecture }: Pick<Manifest, "architecture">,
): readonly MobilenetStage[] | undefined {
  return z.looseObject({ stages: stagesSchema }).safeParse(architecture.parameters).data?.stages;
}

/**
 * Reads a trained network whose layers are to describe sounds, such as `models/base`.
 *
 * @throws {ModelPackageError} If the folder is no model of this program, or has no weights to read.
 */
export async function readTrunk(dir: string): Promise<Trunk> {
  const manifest = await readManifest(dir);
  const { architecture, eventNames } = manifest;
  const features = soundFeatures(manifest);
  const sizes = sizesOf({ architecture });
  if (!sizes) {
    throw new ModelPackageError(
      dir,
      `its network (${architecture.name}) is none that sounds can be described by`,
    );
  }
  return {
    architecture: networkOf(sizes, { nMels: features.nMels, events: eventNames.length }),
    weights: await readWeights(dir),
    features,
  };
}
