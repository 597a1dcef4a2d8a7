import { type Architecture, type Layer, parametersOf } from "lib/model/architecture.ts";
import { createOnnxGraph, type OnnxGraphBuilder } from "lib/model/onnx_writer.ts";
import { NORMALISATION_EPSILON } from "lib/model/tensor_ops.ts";

/**
 * Writes a trained network as ONNX, with batch normalisation folded into the convolutions.
 *
 * Input `log_mel` [B, T, M]; outputs `frame_scores` [B, T', K] and `clip_scores` [B, K], from 0 to 1. A clip score
 * is the mean of the frame scores weighted by themselves (linear softmax pooling; Wang, Li and Metze, 2019).
 *
 * @param networks Weights of one network, or of several whose frame scores are averaged: arrays by the names of
 * `parametersOf()`.
 * @throws {RangeError} If a weight is missing or has the wrong size.
 */
export function exportOnnx(
  architecture: Architecture,
  networks: readonly Readonly<Record<string, Float32Array>>[],
): Uint8Array<ArrayBuffer> {
  if (networks.length === 0) throw new RangeError("Cannot export: there is no network");
  for (const weights of networks) checkSizes(architecture, weights);
  const graph = createOnnxGraph({ name: architecture.name });
  const events = architecture.layers.reduce((k, layer) => layer.kind === "logits" ? layer.events : k, 0);
  graph.input("log_mel", ["B", "T", architecture.nMels]);
  graph.initializer("channel_axis", BigInt64Array.of(1n), [1]);
  graph.node("Unsqueeze", ["log_mel", "channel_axis"], ["image"]);
  const scores = networks.map((weights, i) => {
    const prefix = networks.length > 1 ? `network${i + 1}_` : "";
    let state: ExportState = { x: "image", bands: architecture.nMels, channels: 1 };
    for (const layer of architecture.layers) state = exportLayer(graph, layer, { state, weights, prefix });
    return graph.node("Sigmoid", [state.x], [`${prefix}scores_by_event`])[0];
  });
  // [B, K, T'] to [B, T', K]
  graph.node("Transpose", [meanOf(graph, scores)], ["frame_scores"], { perm: [0, 2, 1] });
  graph.output("frame_scores", ["B", "S", events]);
  graph.initializer("time_axis", BigInt64Array.of(1n), [1]);
  graph.initializer("tiny", Float32Array.of(1e-7), [1]);
  graph.node("Mul", ["frame_scores", "frame_scores"], ["squared"]);
  graph.node("ReduceSum", ["squared", "time_axis"], ["squared_sum"], { keepdims: 0 });
  graph.node("ReduceSum", ["frame_scores", "time_axis"], ["score_sum"], { keepdims: 0 });
  graph.node("Add", ["score_sum", "tiny"], ["score_sum_above_0"]);
  graph.node("Div", ["squared_sum", "score_sum_above_0"], ["clip_scores"]);
  graph.output("clip_scores", ["B", events]);
  return graph.encode();
}

function checkSizes(architecture: Architecture, weights: Readonly<Record<string, Float32Array>>): void {
  for (const { name, shape } of parametersOf(architecture)) {
    const size = shape.reduce((product, n) => product * n, 1);
    const found = weights[name]?.length;
    if (found !== size) {
      throw new RangeError(`Cannot export: ${name} has ${found ?? "no"} numbers, needs ${size}`);
    }
  }
}

function meanOf(graph: OnnxGraphBuilder, names: readonly string[]): string {
  return names.length === 1 ? names[0]! : graph.node("Mean", names, ["mean_scores_by_event"])[0];
}

interface ExportState {
  /** Name of the value that the next layer takes. */
  readonly x: string;
  readonly bands: number;
  readonly channels: number;
}

function exportLayer(
  graph: OnnxGraphBuilder,
  layer: Layer,
  { state, weights, prefix }: {
    readonly state: ExportState;
    readonly weights: Readonly<Record<string, Float32Array>>;
    /** Before the names of this network's values, so that several fit into one graph. */
    readonly prefix: string;
  },
): ExportState {
  const name = `${prefix}${layer.name}`;
  const out = `${name}_out`;
  switch (layer.kind) {
    case "conv2d": {
      const [kt, kf] = layer.kernel;
      const { kernel, bias } = foldNormalisation(layer.name, layer.filters, weights);
      const dims = [layer.filters, state.channels, kt, kf];
      graph.initializer(
        `${name}_kernel`,
        toChannelsFirst(kernel, [kt * kf, state.channels, layer.filters]),
        dims,
      );
      graph.initializer(`${name}_bias`, bias, [layer.filters]);
      const [beforeT, afterT] = samePadding(kt, layer.stride[0]);
      const [beforeF, afterF] = samePadding(kf, layer.stride[1]);
      graph.node("Conv", [state.x, `${name}_kernel`, `${name}_bias`], [`${name}_sum`], {
        kernel_shape: [kt, kf],
        strides: [...layer.stride],
        pads: [beforeT, beforeF, afterT, afterF],
      });
      graph.node("Relu", [`${name}_sum`], [out]);
      return { x: out, bands: Math.ceil(state.bands / layer.stride[1]), channels: layer.filters };
    }
    case "join-bands": {
      // [B, C, T, F] to [B, F, C, T] to [B, F * C, T]
      const channels = state.bands * state.channels;
      graph.node("Transpose", [state.x], [`${name}_turned`], { perm: [0, 3, 1, 2] });
      graph.initializer(`${name}_shape`, BigInt64Array.of(0n, BigInt(channels), -1n), [3]);
      graph.node("Reshape", [`${name}_turned`, `${name}_shape`], [out]);
      return { x: out, bands: 1, channels };
    }
    case "conv1d": {
      const { kernel, bias } = foldNormalisation(layer.name, layer.filters, weights);
      graph.initializer(
        `${name}_kernel`,
        toChannelsFirst(kernel, [layer.kernel, state.channels, layer.filters]),
        [layer.filters, state.channels, layer.kernel],
      );
      graph.initializer(`${name}_bias`, bias, [layer.filters]);
      const reach = ((layer.kernel - 1) / 2) * layer.dilation;
      graph.node("Conv", [state.x, `${name}_kernel`, `${name}_bias`], [`${name}_sum`], {
        kernel_shape: [layer.kernel],
        dilations: [layer.dilation],
        pads: [reach, reach],
      });
      graph.node("Relu", [`${name}_sum`], [layer.residual ? `${name}_relu` : out]);
      if (layer.residual) graph.node("Add", [state.x, `${name}_relu`], [out]);
      return { x: out, bands: 1, channels: layer.filters };
    }
    case "dropout":
      return state;
    case "logits": {
      const kernel = toChannelsFirst(weights[`${layer.name}/kernel`]!, [1, state.channels, layer.events]);
      graph.initializer(`${name}_kernel`, kernel, [layer.events, state.channels, 1]);
      graph.initializer(`${name}_bias`, weights[`${layer.name}/bias`]!, [layer.events]);
      graph.node("Conv", [state.x, `${name}_kernel`, `${name}_bias`], [out], { kernel_shape: [1] });
      return { x: out, bands: 1, channels: layer.events };
    }
  }
}

/** TensorFlow's "same" padding of lengths that the stride divides: what is odd goes to the end. */
function samePadding(kernel: number, stride: number): [number, number] {
  const total = Math.max(0, kernel - stride);
  const before = Math.floor(total / 2);
  return [before, total - before];
}

/** Scales a kernel, output channels last, by its normalisation: `scale / sqrt(variance + epsilon)`. */
function foldNormalisation(
  name: string,
  filters: number,
  weights: Readonly<Record<string, Float32Array>>,
): { kernel: Float32Array; bias: Float32Array } {
  const [scale, offset, mean, variance] = ["scale", "offset", "mean", "variance"].map((part) =>
    weights[`${name}/${part}`]!
  ) as [Float32Array, Float32Array, Float32Array, Float32Array];
  const gain = scale.map((value, c) => value / Math.sqrt(variance[c]! + NORMALISATION_EPSILON));
  return {
    kernel: weights[`${name}/kernel`]!.map((value, i) => value * gain[i % filters]!),
    bias: offset.map((value, c) => value - mean[c]! * gain[c]!),
  };
}

/** [taps, input, output] to [output, input, taps]. */
function toChannelsFirst(
  kernel: Float32Array,
  [taps, input, output]: [number, number, number],
): Float32Array {
  const turned = new Float32Array(kernel.length);
  for (let t = 0; t < taps; t++) {
    for (let i = 0; i < input; i++) {
      for (let o = 0; o < output; o++) {
        turned[(o * input + i) * taps + t] = kernel[(t * input + i) * output + o]!;
      }
    }
  }
  return turned;
}
