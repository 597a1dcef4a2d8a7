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

/** Sizes of a 2-D convolution. */
interface Conv2d {
  readonly name: string;
  readonly filters: number;
  /** In frames and bands. */
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  /** Batch normalisation by default. */
  readonly normalisation?: Normalisation | undefined;
}

/** 2-D convolution, batch normalisation or a bias, ReLU; "same" padding of zeros. */
export function conv2d({ name, filters, kernel, stride, normalisation = "batch" }: Conv2d): Layer & Conv2d {
  const [kt, kf] = kernel;
  const sizes = { name, filters, normalisation };
  return {
    kind: "conv2d",
    name,
    filters,
    kernel,
    stride,
    normalisation,
    timeStride: stride[0],
    // Wider than it has to be where the stride is above 1, as the models say that were trained before.
    reach: { before: kt - 1, after: kt - 1 },
    outputShape: ({ bands }) => ({ bands: Math.ceil(bands / stride[1]), channels: filters }),
    parameters: ({ channels }) => [
      kernelParameter(name, [kt, kf, channels, filters], kt * kf * channels),
      ...scaleParameters(name, filters, normalisation),
    ],
    forward(tf, x, pass) {
      const weight = pass.weights[`${name}/kernel`] as tfjs.Tensor4D;
      return rectify(tf, sizes, tf.conv2d(x as tfjs.Tensor4D, weight, [...stride], "same"), pass);
    },
    export(graph, { x, shape: { channels }, weights, prefix }) {
      const value = `${prefix}${name}`;
      const { kernel: folded, bias } = foldNormalisation(sizes, weights);
      const turned = toChannelsFirst(folded, [kt * kf, channels, filters]);
      graph.initializer(`${value}_kernel`, turned, [filters, channels, kt, kf]);
      graph.initializer(`${value}_bias`, bias, [filters]);
      const [beforeT, afterT] = samePadding(kt, stride[0]);
      const [beforeF, afterF] = samePadding(kf, stride[1]);
      graph.node("Conv", [x, `${value}_kernel`, `${value}_bias`], [`${value}_sum`], {
        kernel_shape: [kt, kf],
        strides: [...stride],
        pads: [beforeT, beforeF, afterT, afterF],
      });
      return graph.node("Relu", [`${value}_sum`], [`${value}_out`])[0];
    },
  };
}
