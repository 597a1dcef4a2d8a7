import type * as tfjs from "@tensorflow/tfjs";
import { kernelParameter, type Layer } from "lib/learning/model/layer.ts";
import { toChannelsFirst } from "lib/learning/model/layers/kernel_order.ts";
import {
  foldNormalisation,
  type Normalisation,
  rectify,
  scaleParameters,
} from "lib/learning/model/layers/rectified.ts";
import { samePadding } from "lib/learning/model/layers/same_padding.ts";
import type { TensorFlow } from "lib/learning/model/tensor_ops.ts";

/** Sizes of a depthwise convolution. */
export interface Depthwise {
  readonly name: string;
  /** Channels that come in and go out. */
  readonly filters: number;
  /** In frames and bands. */
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  /** Distance of the kernel's steps over time; 1 by default. Above 1, the stride over time must be 1. */
  readonly dilation?: number | undefined;
  /** Zeros before and after, over time; what TensorFlow's "same" adds by default. */
  readonly timePadding?: readonly [before: number, after: number] | undefined;
  /** A bias by default. */
  readonly normalisation?: Normalisation | undefined;
}

/** A 2-D convolution of each channel by itself, a bias or batch normalisation, ReLU. */
export function depthwise(options: Depthwise): Layer & Depthwise {
  const { name, filters, kernel, stride, dilation = 1, normalisation = "bias" } = options;
  const [kt, kf] = kernel;
  const span = (kt - 1) * dilation;
  const same = samePadding(span + 1, stride[0]);
  const timePadding = options.timePadding ?? same;
  const bandPadding = samePadding(kf, stride[1]);
  const sizes = { name, filters, normalisation };
  // TensorFlow's own operation knows one stride for both axes, and its gradient no dilation.
  const isPlain = dilation === 1 && stride[0] === stride[1] && timePadding.every((n, i) => n === same[i]);

  return {
    ...{ kind: "depthwise", name, filters, kernel, stride, dilation, timePadding, normalisation },
    timeStride: stride[0],
    reach: { before: timePadding[0], after: Math.max(0, span - timePadding[0] - (stride[0] - 1)) },
    outputShape: ({ bands }) => ({ bands: Math.ceil(bands / stride[1]), channels: filters }),
    parameters: () => [
      kernelParameter(name, [kt, kf, filters, 1], kt * kf),
      ...scaleParameters(name, filters, normalisation),
    ],
    forward(tf, x, pass) {
      const weight = pass.weights[`${name}/kernel`] as tfjs.Tensor4D;
      const image = x as tfjs.Tensor4D;
      const sums = isPlain
        ? tf.depthwiseConv2d(image, weight, stride[0], "same")
        : tapByTap(tf, image, weight, { stride, dilation, timePadding, bandPadding });
      return rectify(tf, sizes, sums, pass);
    },
    export(graph, { x, weights, prefix }) {
      const value = `${prefix}${name}`;
      const { kernel: folded, bias } = foldNormalisation(sizes, weights);
      graph.initializer(`${value}_kernel`, toChannelsFirst(folded, [kt * kf, 1, filters]), [
        filters,
        1,
        kt,
        kf,
      ]);
      graph.initializer(`${value}_bias`, bias, [filters]);
      graph.node("Conv", [x, `${value}_kernel`, `${value}_bias`], [`${value}_sum`], {
        kernel_shape: [kt, kf],
        strides: [...stride],
        dilations: [dilation, 1],
        pads: [timePadding[0], bandPadding[0], timePadding[1], bandPadding[1]],
        group: filters,
      });
      return graph.node("Relu", [`${value}_sum`], [`${value}_out`])[0];
    },
  };
}

/** The sum over the kernel's steps in time of convolutions over bands alone: any stride and dilation, on every engine. */
function tapByTap(
  tf: TensorFlow,
  x: tfjs.Tensor4D,
  weight: tfjs.Tensor4D,
  { stride, dilation, timePadding, bandPadding }: {
    readonly stride: readonly [number, number];
    readonly dilation: number;
    readonly timePadding: readonly [number, number];
    readonly bandPadding: readonly [number, number];
  },
): tfjs.Tensor4D {
  const [B, T, F, C] = x.shape;
  const [kt, kf] = weight.shape;
  const steps = Math.floor(T / stride[0]);
  const bands = Math.ceil(F / stride[1]);
  // As much behind as a last, incomplete stride needs.
  const behind = [stride[0] - 1, stride[1] - 1] as const;
  const padded = tf.pad(x, [
    [0, 0],
    [timePadding[0], timePadding[1] + behind[0]],
    [bandPadding[0], bandPadding[1] + behind[1]],
    [0, 0],
  ]);
  const taps = Array.from({ length: kt }, (_, t) =>
    Array.from({ length: kf }, (_, f) => {
      const size = [B, steps * stride[0], bands * stride[1], C];
      // TensorFlow.js knows no gradient of a slice with strides; one of shorter axes does the same.
      const split = tf.reshape(tf.slice(padded, [0, t * dilation, f, 0], size), [
        B * steps,
        stride[0],
        bands,
        stride[1] * C,
      ]);
      const seen = tf.reshape(tf.slice(split, [0, 0, 0, 0], [B * steps, 1, bands, C]), [B, steps, bands, C]);
      return tf.mul(seen, tf.reshape(tf.slice(weight, [t, f, 0, 0], [1, 1, C, 1]), [1, 1, 1, C]));
    }));
  return tf.addN(taps.flat()) as tfjs.Tensor4D;
}
