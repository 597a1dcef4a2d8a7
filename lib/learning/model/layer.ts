import type * as tfjs from "@tensorflow/tfjs";
import type { OnnxGraphBuilder } from "lib/learning/model/onnx_writer.ts";
import type { TensorFlow, TrainingOps } from "lib/learning/model/tensor_ops.ts";

/** What flows between two layers, beside batch and time: bands F and channels C. */
export interface LayerShape {
  readonly bands: number;
  readonly channels: number;
}

/** A weight of the network. */
export interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
  /** What it starts as: He-normal of its fan-in, ones or zeros. */
  readonly start: { readonly kind: "he"; readonly fanIn: number } | {
    readonly kind: "constant";
    readonly value: number;
  };
  /** Whether the optimiser changes it (else it is a running statistic of batch normalisation). */
  readonly trained: boolean;
  /** Whether weight decay applies. */
  readonly decayed: boolean;
  /** Whether it belongs to a trunk that was trained before, which learns at a rate of its own. */
  readonly isTrunk?: boolean | undefined;
}

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

/** What a layer is run on in TensorFlow.js. */
export interface ForwardPass {
  readonly weights: Weights;
  /** Left out when scoring. */
  readonly training: TrainingPass | undefined;
}

/** What a layer is written from as ONNX. */
interface ExportPass {
  /** Name of the value that it takes. */
  readonly x: string;
  readonly shape: LayerShape;
  readonly weights: Readonly<Record<string, Float32Array>>;
  /** Before the names of this network's values, so that several fit into one graph. */
  readonly prefix: string;
}

/**
 * One layer of a network over log-mel spectrograms. In TensorFlow.js values are [B, T, F, C], or [B, T, C] once bands are
 * joined; in ONNX [B, C, T, F] and [B, C, T]. What describes it lies beside its functions as plain fields, so that a
 * network can be written down as JSON.
 */
export interface Layer {
  readonly kind: string;
  readonly name: string;
  /** Steps of its input for each step of its output. */
  readonly timeStride: number;
  /** Steps of its input, before and after those that a step of its output stands for, that can change it. */
  readonly reach: { readonly before: number; readonly after: number };
  /** Shape of its output. */
  outputShape(input: LayerShape): LayerShape;
  /** Its weights, in a fixed order. */
  parameters(input: LayerShape): readonly Parameter[];
  /** Runs it in TensorFlow.js. */
  forward(tf: TensorFlow, x: tfjs.Tensor, pass: ForwardPass): tfjs.Tensor;
  /** Writes it as ONNX. @returns The name of its output. */
  export(graph: OnnxGraphBuilder, pass: ExportPass): string;
}

/** What most layers do over time: nothing. */
export const STEP_BY_STEP = Object.freeze({ timeStride: 1, reach: Object.freeze({ before: 0, after: 0 }) });

/** A kernel that starts He-normal. */
export function kernelParameter(name: string, shape: readonly number[], fanIn: number): Parameter {
  return { name: `${name}/kernel`, shape, start: { kind: "he", fanIn }, trained: true, decayed: true };
}

/** Numbers for each channel that all start as `value`. */
export function constantParameter(name: string, size: number, value: number, trained = true): Parameter {
  return { name, shape: [size], start: { kind: "constant", value }, trained, decayed: false };
}
