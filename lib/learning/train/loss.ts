import type * as tfjs from "@tensorflow/tfjs";
import type { TensorFlow } from "lib/learning/model/tensor_ops.ts";

/** How far outputs of shape [B, T', K] are from their targets; `weights` say how much each counts. */
export type Loss = (
  tf: TensorFlow,
  outputs: tfjs.Tensor3D,
  goal: { readonly targets: tfjs.Tensor3D; readonly weights: tfjs.Tensor3D },
) => tfjs.Scalar;

/**
 * Weighted binary cross-entropy of logits, averaged over the weights:
 * `max(x, 0) - x * t + log(1 + exp(-|x|))`.
 *
 * @param logits Shape [B, T', K]; `targets` and `weights` likewise.
 */
export function frameLoss(
  tf: TensorFlow,
  logits: tfjs.Tensor3D,
  { targets, weights }: { readonly targets: tfjs.Tensor3D; readonly weights: tfjs.Tensor3D },
): tfjs.Scalar {
  const log = tf.log1p(tf.exp(tf.neg(tf.abs(logits))));
  const losses = tf.add(tf.sub(tf.relu(logits), tf.mul(logits, targets)), log);
  return tf.div(tf.sum(tf.mul(losses, weights)), tf.add(tf.sum(weights), 1e-6));
}
