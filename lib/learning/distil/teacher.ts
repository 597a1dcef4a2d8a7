import { loadNetwork } from "lib/learning/detect/network.ts";
import type { FeatureConfig } from "lib/learning/features/feature_config.ts";
import { soundFeatures } from "lib/learning/features/model_input.ts";
import { EMBEDDING_LAYER, listenerNetwork } from "lib/learning/listener/listener_network.ts";
import { exportOnnx } from "lib/learning/model/export_onnx.ts";
import type { Postprocessing } from "lib/learning/model_package/manifest.ts";
import { readManifest } from "lib/learning/model_package/open_package.ts";
import { ModelPackageError } from "lib/learning/model_package/package_error.ts";
import { unwrittenPackage } from "lib/learning/train/package_content.ts";
import { stagesOf } from "lib/learning/train/trunk.ts";
import { readWeights } from "lib/learning/train/weights_file.ts";

/** What a teacher says of B windows of sound, every 320 ms. */
interface Lesson {
  /** Class scores from 0 to 1, shape [B, S, K]. */
  readonly scores: Float32Array;
  /** Values before the last layer, shape [B, S, E]. */
  readonly embeddings: Float32Array;
}

/** A network that others learn from. */
export interface Teacher {
  readonly name: string;
  readonly classes: readonly string[];
  readonly features: FeatureConfig;
  /** Numbers in an embedding. */
  readonly channels: number;
  /** Frames for each step. */
  readonly stride: number;
  readonly postprocessing: Postprocessing;
  readonly sha256: string;
  /** @param logMel Shape [B, T, M], T a multiple of the stride; not to be used afterwards. */
  teach(logMel: Float32Array<ArrayBuffer>, batch: number): Promise<Lesson>;
}

/** Frames between two steps of the last layer. */
const STRIDE = 32;

/**
 * Opens a model of the listener's kind as a teacher.
 *
 * @param dir Such as `models/listener`.
 * @throws {ModelPackageError} If the folder is no such model.
 */
export async function openTeacher(dir: string): Promise<Teacher> {
  const manifest = await readManifest(dir);
  const stages = stagesOf(manifest);
  if (!stages) {
    throw new ModelPackageError(dir, "it cannot teach: name a listener, such as deno task setup makes");
  }
  const features = soundFeatures(manifest);
  const { eventNames: classes, postprocessing, modelSha256: sha256, name } = manifest;
  const weights = await readWeights(dir);
  const architecture = listenerNetwork({
    nMels: features.nMels,
    stages,
    outputs: classes.length,
    steps: "strided",
  });
  const model = exportOnnx(architecture, [weights], { embeddings: EMBEDDING_LAYER });
  const network = await loadNetwork(unwrittenPackage(dir, {
    manifest: { ...manifest, architecture: { ...manifest.architecture, frameStride: STRIDE } },
    model,
    modelCard: "",
  }));
  return {
    name,
    classes,
    features,
    postprocessing,
    sha256,
    channels: stages.at(-1)!.filters,
    stride: STRIDE,
    teach: (logMel, batch) => network.scoreAndEmbed(logMel, batch),
  };
}
