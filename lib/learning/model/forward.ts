import type * as tfjs from "@tensorflow/tfjs";
import type { Architecture } from "lib/learning/model/architecture.ts";
import type { TrainingPass, Weights } from "lib/learning/model/layer.ts";
import type { TensorFlow } from "lib/learning/model/tensor_ops.ts";

/**
 * Logits of a network.
 *
 * @param logMel Log-mel spectrograms, shape [B, T, M], T a multiple of the frame stride.
 * @param training Left out when scoring: running statistics are used and nothing is dropped.
 * @returns Shape [B, T', K].
 */
export function forward(
  tf: TensorFlow,
  architecture: Architecture,
  { weights, logMel, training }: {
    readonly weights: Weights;
    readonly logMel: tfjs.Tensor3D;
    readonly training?: TrainingPass | undefined;
  },
): tfjs.Tensor3D {
  let x: tfjs.Tensor = tf.expandDims(logMel, 3);
  for (const layer of architecture.layers) x = layer.forward(tf, x, { weights, training });
  return x as tfjs.Tensor3D;
}
