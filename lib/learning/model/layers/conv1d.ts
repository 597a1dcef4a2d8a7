import type * as tfjs from "@tensorflow/tfjs";
import { kernelParameter, type Layer } from "lib/learning/model/layer.ts";
import { toChannelsFirst } from "lib/learning/model/layers/kernel_order.ts";
import { foldNormalisation, rectify, scaleParameters } from "lib/learning/model/layers/rectified.ts";
import type { TensorFlow } from "lib/learning/model/tensor_ops.ts";

/** Sizes of a convolution over time. */
interface Conv1d {
  readonly name: string;
  readonly filters: number;
  readonly kernel: number;
  readonly dilation: number;
  /** Whether its input is added to its output. */
  readonly residual: boolean;
}

/** Convolution over time of [B, T, C], batch normalisation, ReLU; added to its input if `residual`. */
export function conv1d({ name, filters, kernel, dilation, residual }: Conv1d): Layer & Conv1d {
  const reach = ((kernel - 1) / 2) * dilation;
  const sizes = { name, filters, normalisation: "batch" } as const;
  return {
    kind: "conv1d",
    name,
    filters,
    kernel,
    dilation,
    residual,
    timeStride: 1,
    reach: { before: reach, after: reach },
    outputShape: () => ({ bands: 1, channels: filters }),
    parameters: ({ channels }) => [
      kernelParameter(name, [kernel * channels, filters], kernel * channels),
      ...scaleParameters(name, filters, "batch"),
    ],
    forward(tf, x, pass) {
      const [B, T, C] = x.shape as [number, number, number];
      const taps = tapsOf(tf, x as tfjs.Tensor3D, { kernel, dilation });
      const weight = pass.weights[`${name}/kernel`] as tfjs.Tensor2D;
      const y = tf.matMul(tf.reshape(taps, [B * T, kernel * C]), weight);
      const image = tf.reshape(y, [B, T, 1, filters]) as tfjs.Tensor4D;
      const out = tf.reshape(rectify(tf, sizes, image, pass), [B, T, filters]);
      return residual ? tf.add(x, out) : out;
    },
    export(graph, { x, shape: { channels }, weights, prefix }) {
      const value = `${prefix}${name}`;
      const { kernel: folded, bias } = foldNormalisation(sizes, weights);
      const turned = toChannelsFirst(folded, [kernel, channels, filters]);
      graph.initializer(`${value}_kernel`, turned, [filters, channels, kernel]);
      graph.initializer(`${value}_bias`, bias, [filters]);
      graph.node("Conv", [x, `${value}_kernel`, `${value}_bias`], [`${value}_sum`], {
        kernel_shape: [kernel],
        dilations: [dilation],
        pads: [reach, reach],
      });
      const out = `${value}_out`;
      graph.node("Relu", [`${value}_sum`], [residual ? `${value}_relu` : out]);
      if (residual) graph.node("Add", [x, `${value}_relu`], [out]);
      return out;
    },
  };
}

/** What a dilated kernel sees of each step, side by side: [B, T, C] to [B, T, kernel * C]; zeros outside. */
function tapsOf(
  tf: TensorFlow,
  x: tfjs.Tensor3D,
  { kernel, dilation }: Pick<Conv1d, "kernel" | "dilation">,
): tfjs.Tensor3D {
  if (kernel === 1) return x;
  const [B, T, C] = x.shape;
  const reach = ((kernel - 1) / 2) * dilation;
  const padded = tf.pad(x, [[0, 0], [reach, reach], [0, 0]]);
  const taps = Array.from({ length: kernel }, (_, k) => tf.slice(padded, [0, k * dilation, 0], [B, T, C]));
  return tf.concat(taps, 2);
}
