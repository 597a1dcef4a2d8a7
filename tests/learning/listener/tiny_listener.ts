import { listenerPackage } from "lib/learning/listener/listener_package.ts";
import { writePackage } from "lib/learning/model_package/write_package.ts";
import { encodeWeights, WEIGHTS_FILE } from "lib/learning/train/weights_file.ts";
import { writeTinyYamnet } from "tests/learning/listener/tiny_yamnet.ts";

/** A listener of 521 sounds with small layers and random weights. */
export function tinyListener(): ReturnType<typeof listenerPackage> {
  return listenerPackage(writeTinyYamnet(15), { origin: "test", sha256: "0".repeat(64) });
}

/** Writes its package, with the weights that trainings start from. */
export async function writeTinyListener(dir: string): Promise<ReturnType<typeof listenerPackage>> {
  const { content, network } = tinyListener();
  await writePackage(dir, { ...content, extraFiles: { [WEIGHTS_FILE]: encodeWeights(network.weights) } });
  return { content, network };
}
