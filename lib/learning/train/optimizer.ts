import type * as tfjs from "@tensorflow/tfjs";
import type { TensorFlow } from "lib/learning/model/tensor_ops.ts";

/** AdamW (Loshchilov and Hutter, 2019), with clipping of the gradient's norm and an average of the weights. */
export interface OptimizerConfig {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Decay of the weights per step, times the learning rate. */
  readonly weightDecay: number;
  /** Largest norm of the gradient. */
  readonly clipNorm: number;
  /** How much of the averaged weights is kept at each step, from 0 to 1. */
  readonly averageDecay: number;
  /** The learning rate of a trunk that was trained before, as a share of that of the other layers; 0 freezes it. */
  readonly trunkRate: number;
}

export const DEFAULT_OPTIMIZER = Object.freeze(
  {
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    weightDecay: 0.01,
    clipNorm: 5,
    averageDecay: 0.995,
    trunkRate: 1,
  } as const satisfies OptimizerConfig,
);

/** Everything that the optimiser remembers, all of shape [P] for P trained numbers. */
export interface OptimizerState {
  readonly weights: Float32Array;
  readonly firstMoment: Float32Array;
  readonly secondMoment: Float32Array;
  readonly average: Float32Array;
  /** Steps taken. */
  readonly step: number;
}

/**
 * An optimiser over one flat tensor of all trained weights: ten operations a step for the whole network instead
 * of ten for each of its weights.
 */
interface Optimizer {
  readonly step: number;
  /** The current weights, shape [P]; owned by the optimiser. */
  readonly weights: tfjs.Tensor1D;
  /** The averaged weights, shape [P]; owned by the optimiser. */
  readonly average: tfjs.Tensor1D;
  apply(gradient: tfjs.Tensor1D, learningRate: number): void;
  save(): Promise<OptimizerState>;
  dispose(): void;
}

/**
 * @param decayed 1 where weight decay applies, 0 elsewhere, shape [P].
 * @param rates Factors on the learning rate, shape [P]; 1 everywhere by default.
 */
export function createOptimizer(
  tf: TensorFlow,
  { state, decayed, rates, config = DEFAULT_OPTIMIZER }: {
    readonly state: OptimizerState;
    readonly decayed: Float32Array;
    readonly rates?: Float32Array | undefined;
    readonly config?: OptimizerConfig;
  },
): Optimizer {
  const { beta1, beta2, epsilon, weightDecay, clipNorm, averageDecay } = config;
  const decayMask = tf.tensor1d(decayed);
  const rateMask = rates ? tf.tensor1d(rates) : undefined;
  const atItsRate = (change: tfjs.Tensor): tfjs.Tensor => rateMask ? tf.mul(change, rateMask) : change;
  let step = state.step;
  let weights = tf.tensor1d(state.weights);
  let first = tf.tensor1d(state.firstMoment);
  let second = tf.tensor1d(state.secondMoment);
  let average = tf.tensor1d(state.average);
  const replace = (old: tfjs.Tensor1D, next: tfjs.Tensor): tfjs.Tensor1D => {
    old.dispose();
    return tf.keep(next) as tfjs.Tensor1D;
  };
  return {
    get step() {
      return step;
    },
    get weights() {
      return weights;
    },
    get average() {
      return average;
    },
    apply(gradient, learningRate) {
      step++;
      tf.tidy(() => {
        const norm = tf.norm(gradient);
        const g = tf.mul(gradient, tf.minimum(1, tf.div(clipNorm, tf.add(norm, 1e-12))));
        first = replace(first, tf.add(tf.mul(first, beta1), tf.mul(g, 1 - beta1)));
        second = replace(second, tf.add(tf.mul(second, beta2), tf.mul(tf.square(g), 1 - beta2)));
        const rate = learningRate / (1 - beta1 ** step);
        const root = tf.add(tf.mul(tf.sqrt(second), 1 / Math.sqrt(1 - beta2 ** step)), epsilon);
        const decay = tf.mul(tf.mul(weights, decayMask), learningRate * weightDecay);
        const change = atItsRate(tf.mul(tf.div(first, root), rate));
        weights = replace(weights, tf.sub(tf.sub(weights, change), atItsRate(decay)));
        // Early on the average follows more closely, else it would remember the random start.
        const keep = Math.min(averageDecay, (step + 1) / (step + 10));
        average = replace(average, tf.add(tf.mul(average, keep), tf.mul(weights, 1 - keep)));
      });
    },
    async save() {
      const [w, m, v, a] = await Promise.all([weights.data(), first.data(), second.data(), average.data()]);
      return {
        weights: w as Float32Array,
        firstMoment: m as Float32Array,
        secondMoment: v as Float32Array,
        average: a as Float32Array,
        step,
      };
    },
    dispose() {
      tf.dispose([weights, first, second, average, decayMask, ...rateMask ? [rateMask] : []]);
    },
  };
}
