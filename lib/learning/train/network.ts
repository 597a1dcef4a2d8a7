import type * as tfjs from "@tensorflow/tfjs";
import { concatenate } from "lib/base/numbers/concatenate.ts";
import { createRandom, type Random } from "lib/base/numbers/random.ts";
import type { Batch } from "lib/learning/dataset/batch.ts";
import { type Architecture, parametersOf } from "lib/learning/model/architecture.ts";
import { forward } from "lib/learning/model/forward.ts";
import type { Parameter, Weights } from "lib/learning/model/layer.ts";
import { createTrainingOps, type TensorFlow } from "lib/learning/model/tensor_ops.ts";
import { frameLoss, type Loss } from "lib/learning/train/loss.ts";
import {
  createOptimizer,
  DEFAULT_OPTIMIZER,
  type OptimizerConfig,
  type OptimizerState,
} from "lib/learning/train/optimizer.ts";

/** How fast the running statistics of batch normalisation follow, per step. */
const STATISTICS_DECAY = 0.98;

/** All numbers of a network in training; enough to go on as if it had never stopped. */
export interface NetworkState {
  readonly optimizer: OptimizerState;
  /** Running means and variances in the order of `parametersOf()`. */
  readonly statistics: Float32Array;
}

/** Weights to score with or to export, by name. */
export type WeightArrays = Readonly<Record<string, Float32Array>>;

/** A network in training on one engine. */
export interface TrainableNetwork {
  /** Takes one step and returns the loss before it. */
  step(batch: Batch, options: { readonly learningRate: number; readonly random: Random }): Promise<number>;
  /** Scores from 0 to 1 with the averaged weights, shape [B, T', K]. */
  score(logMel: Float32Array, shape: readonly [number, number, number]): Promise<Float32Array>;
  save(): Promise<NetworkState>;
  /** The averaged weights and the running statistics. */
  weights(): Promise<WeightArrays>;
  /**
   * The averaged weights, and the statistics of batch normalisation that these weights give in some batches: the running ones
   * are of the latest weights, which at a high learning rate are others.
   *
   * @param batches Of one size, at least one.
   */
  settledWeights(batches: readonly Pick<Batch, "logMel" | "shape">[]): Promise<WeightArrays>;
  dispose(): void;
}

/** A fresh state: He-normal kernels, everything else constant. The same seed gives the same numbers. */
export function initialState(architecture: Architecture, seed: string | number): NetworkState {
  const random = createRandom(`${seed}/weights`);
  const parameters = parametersOf(architecture);
  const trained = concatenate(parameters.filter((p) => p.trained).map((p) => startOf(p, random)));
  return {
    optimizer: {
      weights: trained,
      firstMoment: new Float32Array(trained.length),
      secondMoment: new Float32Array(trained.length),
      average: trained.slice(),
      step: 0,
    },
    statistics: concatenate(parameters.filter((p) => !p.trained).map((p) => startOf(p, random))),
  };
}

export function createNetwork(
  tf: TensorFlow,
  architecture: Architecture,
  { state, optimizer: config = DEFAULT_OPTIMIZER, loss: lossOf = frameLoss }: {
    readonly state: NetworkState;
    readonly optimizer?: OptimizerConfig | undefined;
    /** Cross-entropy by default. */
    readonly loss?: Loss | undefined;
  },
): TrainableNetwork {
  const parameters = parametersOf(architecture);
  const trained = parameters.filter((p) => p.trained);
  const running = parameters.filter((p) => !p.trained);
  const sizes = trained.map(sizeOf);
  const ops = createTrainingOps(tf);
  const each = (value: (p: Parameter) => number): Float32Array =>
    concatenate(trained.map((p) => new Float32Array(sizeOf(p)).fill(value(p))));
  const { trunkRate } = config;
  const optimizer = createOptimizer(tf, {
    state: state.optimizer,
    decayed: each((p) => p.decayed ? 1 : 0),
    rates: trunkRate === 1 ? undefined : each((p) => p.isTrunk ? trunkRate : 1),
    config,
  });
  const statistics = new Map<string, tfjs.Tensor1D>();
  let offset = 0;
  for (const p of running) {
    statistics.set(p.name, tf.tensor1d(state.statistics.slice(offset, offset + sizeOf(p))));
    offset += sizeOf(p);
  }
  const split = (flat: tfjs.Tensor1D): tfjs.Tensor[] =>
    tf.split(flat, sizes).map((part, i) => tf.reshape(part, [...trained[i]!.shape]));
  const named = (tensors: readonly tfjs.Tensor[]): Weights => ({
    ...Object.fromEntries(trained.map((p, i) => [p.name, tensors[i]!])),
    ...Object.fromEntries(statistics),
  });
  const follow = (name: string, value: tfjs.Tensor1D): void => {
    const old = statistics.get(name)!;
    statistics.set(
      name,
      tf.tidy(() =>
        tf.keep(tf.add(tf.mul(old, STATISTICS_DECAY), tf.mul(value, 1 - STATISTICS_DECAY))) as tfjs.Tensor1D
      ),
    );
    tf.dispose([old, value]);
  };
  const weights = async (): Promise<WeightArrays> => {
    const { average } = await optimizer.save();
    const arrays: Record<string, Float32Array> = {};
    let at = 0;
    for (const p of trained) arrays[p.name] = average.slice(at, at += sizeOf(p));
    for (const p of running) arrays[p.name] = (await statistics.get(p.name)!.data()) as Float32Array;
    return arrays;
  };
  return {
    async step(batch, { learningRate, random }) {
      const { B, T, M, S, K } = batch.shape;
      const seen: { layer: string; mean: tfjs.Tensor1D; variance: tfjs.Tensor1D }[] = [];
      const loss = tf.tidy(() => {
        const logMel = tf.tensor3d(batch.logMel, [B, T, M]);
        const targets = tf.tensor3d(batch.targets, [B, S, K]);
        const weights = tf.tensor3d(batch.weights, [B, S, K]);
        const { value, grads } = tf.valueAndGrads((...tensors: tfjs.Tensor[]) => {
          const logits = forward(tf, architecture, {
            weights: named(tensors),
            logMel,
            training: {
              ops,
              dropoutNoise: (count) => Float32Array.from({ length: count }, () => random.next()),
              onStatistics: (layer, mean, variance) => seen.push({ layer, mean, variance }),
            },
          });
          return lossOf(tf, logits, { targets, weights });
        })(split(optimizer.weights));
        const gradient = tf.concat(grads.map((g) => tf.reshape(g, [-1]))) as tfjs.Tensor1D;
        optimizer.apply(gradient, learningRate);
        return value;
      });
      for (const { layer, mean, variance } of seen) {
        follow(`${layer}/mean`, mean);
        follow(`${layer}/variance`, variance);
      }
      return (await takeValues(loss))[0]!;
    },
    score(logMel, [B, T, M]) {
      const scores = tf.tidy(() => {
        const weights = named(split(optimizer.average));
        const logits = forward(tf, architecture, { weights, logMel: tf.tensor3d(logMel, [B, T, M]) });
        return tf.sigmoid(logits);
      });
      return takeValues(scores);
    },
    async save() {
      const parts = await Promise.all(running.map((p) => statistics.get(p.name)!.data()));
      return { optimizer: await optimizer.save(), statistics: concatenate(parts as Float32Array[]) };
    },
    weights,
    async settledWeights(batches) {
      const arrays: Record<string, Float32Array> = { ...await weights() };
      for (const p of running) arrays[p.name] = new Float32Array(sizeOf(p));
      const add = async (name: string, value: tfjs.Tensor1D): Promise<void> => {
        const sum = arrays[name]!;
        (await takeValues(value)).forEach((x, i) => sum[i]! += x / batches.length);
      };
      for (const { logMel, shape: { B, T, M } } of batches) {
        const seen: { layer: string; mean: tfjs.Tensor1D; variance: tfjs.Tensor1D }[] = [];
        tf.tidy(() =>
          forward(tf, architecture, {
            weights: named(split(optimizer.average)),
            logMel: tf.tensor3d(logMel, [B, T, M]),
            training: {
              ops,
              dropoutNoise: (count) => new Float32Array(count).fill(1),
              onStatistics: (layer, mean, variance) => seen.push({ layer, mean, variance }),
            },
          })
        );
        for (const { layer, mean, variance } of seen) {
          await add(`${layer}/mean`, mean);
          await add(`${layer}/variance`, variance);
        }
      }
      return arrays;
    },
    dispose() {
      optimizer.dispose();
      tf.dispose([...statistics.values()]);
    },
  };
}

/** Reads a tensor and disposes of it. WebGPU cannot be read any other way than asynchronously. */
export async function takeValues(tensor: tfjs.Tensor): Promise<Float32Array> {
  try {
    return await tensor.data() as Float32Array;
  } finally {
    tensor.dispose();
  }
}

function sizeOf(parameter: Parameter): number {
  return parameter.shape.reduce((product, size) => product * size, 1);
}

function startOf(parameter: Parameter, random: Random): Float32Array {
  const size = sizeOf(parameter);
  if (parameter.start.kind === "constant") return new Float32Array(size).fill(parameter.start.value);
  // He et al. (2015), for layers that are followed by ReLU.
  const deviation = Math.sqrt(2 / parameter.start.fanIn);
  return Float32Array.from({ length: size }, () => random.normal() * deviation);
}
