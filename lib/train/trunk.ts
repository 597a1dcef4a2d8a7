import { z } from "zod";
import { DEFAULT_FRAME_CNN, frameCnn } from "lib/model/architecture.ts";
import { readManifest } from "lib/model_package/open_package.ts";
import { ModelPackageError } from "lib/model_package/package_error.ts";
import type { Trunk } from "lib/train/clip_embeddings.ts";
import { readWeights } from "lib/train/weights_file.ts";

/** Sizes of a network as a manifest keeps them. */
const sizesSchema = z.looseObject({
  width: z.int().min(1),
  timeWidth: z.int().min(1),
  dilations: z.array(z.int().min(1)),
  dropout: z.number(),
});

/**
 * Reads a trained network whose layers are to describe sounds, such as `models/base`.
 *
 * @throws {ModelPackageError} If the folder is no model of this program, or has no weights to read.
 */
export async function readTrunk(dir: string): Promise<Trunk> {
  const { architecture, features, eventNames } = await readManifest(dir);
  const sizes = sizesSchema.safeParse(architecture.parameters);
  if (!sizes.success) {
    throw new ModelPackageError(
      dir,
      `its network (${architecture.name}) is none that sounds can be described by`,
    );
  }
  return {
    architecture: frameCnn({
      ...DEFAULT_FRAME_CNN,
      ...sizes.data,
      nMels: features.nMels,
      events: eventNames.length,
    }),
    weights: await readWeights(dir),
    features,
  };
}
