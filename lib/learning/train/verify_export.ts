import type { Batch } from "lib/learning/dataset/batch.ts";
import { loadNetwork } from "lib/learning/detect/network.ts";
import type { Architecture } from "lib/learning/model/architecture.ts";
import { parametersOf } from "lib/learning/model/architecture.ts";
import { forward } from "lib/learning/model/forward.ts";
import { sumOf, type TensorFlow } from "lib/learning/model/tensor_ops.ts";
import type { ModelPackage } from "lib/learning/model_package/open_package.ts";
import { takeValues, type WeightArrays } from "lib/learning/train/network.ts";

/** Largest difference between a score in ONNX Runtime and in TensorFlow.js that an export may have. */
const EXPORT_TOLERANCE = 1e-4;

/**
 * Scores the same windows with the exported model in ONNX Runtime and with the weights of its networks in TensorFlow.js.
 *
 * @returns The largest difference of a frame score.
 * @throws {Error} If it is above {@link EXPORT_TOLERANCE}: the package must not be written then.
 */
export async function verifyExport(
  tf: TensorFlow,
  { model, architecture, networks, batches }: {
    readonly model: ModelPackage;
    readonly architecture: Architecture;
    readonly networks: readonly WeightArrays[];
    readonly batches: readonly Batch[];
  },
): Promise<number> {
  const network = await loadNetwork(model);
  let largest = 0;
  for (const { logMel, shape: { B, T, M } } of batches) {
    const scores = tf.tidy(() => {
      const each = networks.map((arrays) => {
        const weights = Object.fromEntries(
          parametersOf(architecture).map(({ name, shape }) => [name, tf.tensor(arrays[name]!, [...shape])]),
        );
        return tf.sigmoid(forward(tf, architecture, { weights, logMel: tf.tensor3d(logMel, [B, T, M]) }));
      });
      return tf.div(sumOf(tf, each), each.length);
    });
    const expected = await takeValues(scores);
    const { frameScores, clipScores } = await network.run(logMel.slice(), B);
    const K = clipScores.length / B;
    const S = expected.length / B / K;
    for (let i = 0; i < clipScores.length; i++) {
      largest = Math.max(
        largest,
        Math.abs(clipScores[i]! - poolScores(expected, { first: Math.floor(i / K) * S * K + i % K, K, S })),
      );
    }
    for (let i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]! - frameScores[i]!));
    }
  }
  if (!(largest <= EXPORT_TOLERANCE)) {
    throw new Error(
      `The exported model scores differently from the trained one (by ${largest.toExponential(1)}, ` +
        `allowed are ${EXPORT_TOLERANCE}); nothing was written`,
    );
  }
  return largest;
}

/** Linear softmax pooling of one event's frame scores: their mean weighted by themselves. */
function poolScores(
  scores: Float32Array,
  { first, K, S }: { readonly first: number; readonly K: number; readonly S: number },
): number {
  let sum = 1e-7;
  let squares = 0;
  for (let s = 0; s < S; s++) {
    const score = scores[first + s * K]!;
    sum += score;
    squares += score * score;
  }
  return squares / sum;
}
