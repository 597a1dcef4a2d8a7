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
interface Depthwise {
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
  if (!isPlain && stride[0] !== 1) {
    throw new RangeError(
      `${name}: steps that lie apart cannot be left out by a stride of ${stride[0]} as well`,
    );
  }

  return {
    kind: "depthwise",
    name,
    filters,
    kernel,
    stride,
    dilation,
    timePadding,
    normalisation,
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
        : phaseByPhase(tf, image, weight, { bandStride: stride[1], dilation, timePadding, bandPadding });
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

/**
 * A convolution whose steps lie apart, or whose stride is over bands alone, by way of the plain ones: steps that lie
 * `dilation` apart become windows of their own, and so do those that a stride over time would leave out. TensorFlow knows
 * neither with a gradient, and sums of products step by step take twice as long.
 */
function phaseByPhase(
  tf: TensorFlow,
  x: tfjs.Tensor4D,
  weight: tfjs.Tensor4D,
  { bandStride, dilation, timePadding, bandPadding }: {
    readonly bandStride: number;
    readonly dilation: number;
    readonly timePadding: readonly [number, number];
    readonly bandPadding: readonly [number, number];
  },
): tfjs.Tensor4D {
  const [B, T, F, C] = x.shape;
  const kt = weight.shape[0];
  const bands = Math.ceil(F / bandStride);
  // Of each phase; a last, incomplete stride is filled up.
  const steps = Math.ceil(T / (dilation * bandStride)) * bandStride;
  const rows = steps + kt - 1;
  const padded = tf.pad(x, [
    [0, 0],
    [timePadding[0], rows * dilation - T - timePadding[0]],
    [bandPadding[0], bandPadding[1]],
    [0, 0],
  ]);
  const width = F + bandPadding[0] + bandPadding[1];
  const apart = tf.reshape(
    dilation === 1
      ? padded
      : tf.transpose(tf.reshape(padded, [B, rows, dilation, width, C]), [0, 2, 1, 3, 4]),
    [B * dilation, rows, width, C],
  ) as tfjs.Tensor4D;
  const parts = Array.from({ length: bandStride }, (_, phase) =>
    tf.depthwiseConv2d(
      tf.slice(apart, [0, phase, 0, 0], [B * dilation, rows - bandStride + 1, width, C]),
      weight,
      bandStride,
      "valid",
    ));
  const joined = tf.reshape(tf.stack(parts, 2), [B, dilation, steps, bands, C]);
  const inOrder = tf.reshape(dilation === 1 ? joined : tf.transpose(joined, [0, 2, 1, 3, 4]), [
    B,
    steps * dilation,
    bands,
    C,
  ]) as tfjs.Tensor4D;
  return steps * dilation === T ? inOrder : tf.slice(inOrder, [0, 0, 0, 0], [B, T, bands, C]);
}
