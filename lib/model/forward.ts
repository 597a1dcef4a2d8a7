import type * as tfjs from "@tensorflow/tfjs";
import type { Architecture, Layer } from "lib/model/architecture.ts";
import { NORMALISATION_EPSILON, type TensorFlow, type TrainingOps } from "lib/model/tensor_ops.ts";

/** Weights by name, see `parametersOf()`. */
export type Weights = Readonly<Record<string, tfjs.Tensor>>;

/** What training adds to a forward pass. */
export interface TrainingPass {
  readonly ops: TrainingOps;
  /** Numbers from 0 to 1 that decide what dropout drops; passed in so that every engine drops the same. */
  readonly dropoutNoise: (count: number) => Float32Array;
  /** Receives the batch statistics of each normalised layer: tensors that the callee disposes of. */
  readonly onStatistics: (layer: string, mean: tfjs.Tensor1D, variance: tfjs.Tensor1D) => void;
}

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
    readonly training?: TrainingPass;
  },
): tfjs.Tensor3D {
  let x: tfjs.Tensor = tf.expandDims(logMel, 3);
  for (const layer of architecture.layers) x = runLayer(tf, layer, { x, weights, training });
  return x as tfjs.Tensor3D;
}

interface LayerInput {
  readonly x: tfjs.Tensor;
  readonly weights: Weights;
  readonly training: TrainingPass | undefined;
}

function runLayer(tf: TensorFlow, layer: Layer, { x, weights, training }: LayerInput): tfjs.Tensor {
  const kernel = weights[`${layer.name}/kernel`];
  switch (layer.kind) {
    case "conv2d": {
      const y = tf.conv2d(x as tfjs.Tensor4D, kernel as tfjs.Tensor4D, [...layer.stride], "same");
      return normaliseAndRectify(tf, layer.name, { x: y, weights, training });
    }
    case "join-bands": {
      const [B, T, F, C] = x.shape as [number, number, number, number];
      return tf.reshape(x, [B, T, F * C]);
    }
    case "conv1d": {
      const [B, T, C] = x.shape as [number, number, number];
      const taps = tapsOf(tf, x as tfjs.Tensor3D, layer);
      const y = tf.matMul(tf.reshape(taps, [B * T, layer.kernel * C]), kernel as tfjs.Tensor2D);
      const image = tf.reshape(y, [B, T, 1, layer.filters]) as tfjs.Tensor4D;
      const out = tf.reshape(normaliseAndRectify(tf, layer.name, { x: image, weights, training }), [
        B,
        T,
        layer.filters,
      ]);
      return layer.residual ? tf.add(x, out) : out;
    }
    case "dropout": {
      if (!training || layer.rate === 0) return x;
      const [B, , C] = x.shape as [number, number, number];
      const noise = training.dropoutNoise(B * C);
      const keep = noise.map((value) => value < layer.rate ? 0 : 1 / (1 - layer.rate));
      return tf.mul(x, tf.tensor3d(keep, [B, 1, C]));
    }
    case "logits": {
      const [B, T, C] = x.shape as [number, number, number];
      const y = tf.add(
        tf.matMul(tf.reshape(x, [B * T, C]), kernel as tfjs.Tensor2D),
        weights[`${layer.name}/bias`]!,
      );
      return tf.reshape(y, [B, T, layer.events]);
    }
  }
}

/** What a dilated kernel sees of each step, side by side: [B, T, C] to [B, T, kernel * C]; zeros outside. */
function tapsOf(
  tf: TensorFlow,
  x: tfjs.Tensor3D,
  { kernel, dilation }: { readonly kernel: number; readonly dilation: number },
): tfjs.Tensor3D {
  if (kernel === 1) return x;
  const [B, T, C] = x.shape;
  const reach = ((kernel - 1) / 2) * dilation;
  const padded = tf.pad(x, [[0, 0], [reach, reach], [0, 0]]);
  const taps = Array.from({ length: kernel }, (_, k) => tf.slice(padded, [0, k * dilation, 0], [B, T, C]));
  return tf.concat(taps, 2);
}

function normaliseAndRectify(
  tf: TensorFlow,
  name: string,
  { x, weights, training }: LayerInput & { readonly x: tfjs.Tensor4D },
): tfjs.Tensor {
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
