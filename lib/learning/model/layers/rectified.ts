import type * as tfjs from "@tensorflow/tfjs";
import { constantParameter, type ForwardPass, type Parameter } from "lib/learning/model/layer.ts";
import { NORMALISATION_EPSILON, type TensorFlow } from "lib/learning/model/tensor_ops.ts";

/** How the sums of a convolution are brought to scale before ReLU. */
export type Normalisation = "batch" | "bias";

/** The weights beside a convolution's kernel: those of batch normalisation, or one bias for each filter. */
export function scaleParameters(name: string, filters: number, kind: Normalisation): Parameter[] {
  if (kind === "bias") return [constantParameter(`${name}/bias`, filters, 0)];
  return [
    constantParameter(`${name}/scale`, filters, 1),
    constantParameter(`${name}/offset`, filters, 0),
    constantParameter(`${name}/mean`, filters, 0, false),
    constantParameter(`${name}/variance`, filters, 1, false),
  ];
}

/** Batch normalisation or a bias, then ReLU, of sums of shape [B, T, F, C]. */
export function rectify(
  tf: TensorFlow,
  { name, normalisation }: { readonly name: string; readonly normalisation: Normalisation },
  x: tfjs.Tensor4D,
  { weights, training }: ForwardPass,
): tfjs.Tensor4D {
  if (normalisation === "bias") {
    const sums = tf.add(x, weights[`${name}/bias`]!) as tfjs.Tensor4D;
    return training ? training.ops.relu(sums) : tf.relu(sums);
  }
  const scale = weights[`${name}/scale`] as tfjs.Tensor1D;
  const offset = weights[`${name}/offset`] as tfjs.Tensor1D;
  if (training) {
    const { y, mean, variance } = training.ops.normalise(x, scale, offset);
    training.onStatistics(name, mean, variance);
    return training.ops.relu(y);
  }
  const mean = weights[`${name}/mean`] as tfjs.Tensor1D;
  const variance = weights[`${name}/variance`] as tfjs.Tensor1D;
  const gain = tf.mul(scale, tf.rsqrt(tf.add(variance, NORMALISATION_EPSILON)));
  return tf.relu(tf.add(tf.mul(tf.sub(x, mean), gain), offset));
}

/** A kernel, output channels last, and a bias that do the same without normalisation: `scale / sqrt(variance + epsilon)`. */
export function foldNormalisation(
  { name, filters, normalisation }: {
    readonly name: string;
    readonly filters: number;
    readonly normalisation: Normalisation;
  },
  weights: Readonly<Record<string, Float32Array>>,
): { kernel: Float32Array; bias: Float32Array } {
  const kernel = weights[`${name}/kernel`]!;
  if (normalisation === "bias") return { kernel, bias: weights[`${name}/bias`]! };
  const [scale, offset, mean, variance] = ["scale", "offset", "mean", "variance"].map((part) =>
    weights[`${name}/${part}`]!
  ) as [Float32Array, Float32Array, Float32Array, Float32Array];
  const gain = scale.map((value, c) => value / Math.sqrt(variance[c]! + NORMALISATION_EPSILON));
  return {
    kernel: kernel.map((value, i) => value * gain[i % filters]!),
    bias: offset.map((value, c) => value - mean[c]! * gain[c]!),
  };
}
