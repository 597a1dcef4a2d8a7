import { type Architecture, layersWithInputs, parametersOf } from "lib/learning/model/architecture.ts";
import { createOnnxGraph, type OnnxGraphBuilder } from "lib/learning/model/onnx_writer.ts";

/**
 * Writes a trained network as ONNX, with batch normalisation folded into the convolutions.
 *
 * Input `log_mel` [B, T, M]; outputs `frame_scores` [B, T', K] and `clip_scores` [B, K], from 0 to 1, and, of the
 * first network, the values of layers that are named: `embeddings` [B, T', C] and `middle` [B, T', C, F']. A clip score is the
 * mean of the frame scores weighted by themselves (linear softmax pooling; Wang, Li and Metze, 2019).
 *
 * @param networks Weights of one network, or of several whose frame scores are averaged: arrays by the names of
 * `parametersOf()`.
 * @throws {RangeError} If a weight is missing or has the wrong size.
 */
export function exportOnnx(
  architecture: Architecture,
  networks: readonly Readonly<Record<string, Float32Array>>[],
  { embeddings, middle }: {
    /** Layer of [B, T', C] that becomes an output. */
    readonly embeddings?: string | undefined;
    /** Layer of [B, T', F', C] that becomes another one. */
    readonly middle?: string | undefined;
  } = {},
): Uint8Array<ArrayBuffer> {
  if (networks.length === 0) throw new RangeError("Cannot export: there is no network");
  for (const weights of networks) checkSizes(architecture, weights);
  const graph = createOnnxGraph({ name: architecture.name });
  const layers = layersWithInputs(architecture);
  const events = layers.reduce((_, { layer, input }) => layer.outputShape(input).channels, 0);
  graph.input("log_mel", ["B", "T", architecture.nMels]);
  graph.initializer("channel_axis", BigInt64Array.of(1n), [1]);
  graph.node("Unsqueeze", ["log_mel", "channel_axis"], ["image"]);
  const scores = networks.map((weights, i) => {
    const prefix = networks.length > 1 ? `network${i + 1}_` : "";
    let x = "image";
    for (const { layer, input } of layers) {
      x = layer.export(graph, { x, shape: input, weights, prefix });
      if (i > 0) continue;
      const { bands, channels } = layer.outputShape(input);
      if (layer.name === embeddings) {
        graph.node("Transpose", [x], ["embeddings"], { perm: [0, 2, 1] });
        graph.output("embeddings", ["B", "S", channels]);
      } else if (layer.name === middle) {
        graph.node("Transpose", [x], ["middle"], { perm: [0, 2, 1, 3] });
        graph.output("middle", ["B", "S", channels, bands]);
      }
    }
    return graph.node("Sigmoid", [x], [`${prefix}scores_by_event`])[0];
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
