import { loadNetwork } from "lib/learning/detect/network.ts";
import { soundFeatures } from "lib/learning/features/model_input.ts";
import { openPackage, readManifest } from "lib/learning/model_package/open_package.ts";
import { type SoundDescriber, trunkDescriber } from "lib/learning/train/clip_embeddings.ts";
import type { Engine } from "lib/learning/train/engine.ts";
import { readTrunk, sizesOf } from "lib/learning/train/trunk.ts";

/**
 * Opens a model that is to describe sounds: the pre-trained listener in ONNX Runtime, a network that was trained here in
 * TensorFlow.js.
 *
 * @param engine Asked only if TensorFlow.js is needed.
 * @throws {ModelPackageError} If the folder is no model, or one that cannot describe sounds.
 */
export async function openDescriber(dir: string, engine: () => Promise<Engine>): Promise<SoundDescriber> {
  const manifest = await readManifest(dir);
  if (sizesOf(manifest)) return trunkDescriber((await engine()).tf, await readTrunk(dir));
  const network = await loadNetwork(await openPackage(dir));
  const { frameStride } = manifest.architecture;
  return {
    features: soundFeatures(manifest),
    frameStride,
    describe: (logMel) => network.embed(logMel),
    close: () => {},
  };
}
