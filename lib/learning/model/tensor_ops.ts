import type * as tfjs from "@tensorflow/tfjs";

/** The TensorFlow.js API, whichever engine is behind it. */
export type TensorFlow = typeof tfjs;

/** Batch normalisation over a batch: the result, and the statistics that it used. */
interface Normalised {
  readonly y: tfjs.Tensor4D;
  /** Mean of each channel over the batch; the caller disposes of it. */
  readonly mean: tfjs.Tensor1D;
  /** Variance of each channel over the batch; the caller disposes of it. */
  readonly variance: tfjs.Tensor1D;
}

/** The two operations whose stock gradients cost more than the convolutions between them. */
export interface TrainingOps {
  relu(x: tfjs.Tensor4D): tfjs.Tensor4D;
  /** @param x Shape [B, T, F, C]. */
  normalise(x: tfjs.Tensor4D, scale: tfjs.Tensor1D, offset: tfjs.Tensor1D): Normalised;
}

/** Added to the variance before its root is taken. */
export const NORMALISATION_EPSILON = 1e-3;

/** `addN` on WebGPU leaves out, without a word, what is above that. */
const MOST_ADDED = 4;

/** The sum of tensors of one shape, on every engine. */
export function sumOf<T extends tfjs.Tensor>(tf: TensorFlow, tensors: readonly T[]): T {
  if (tensors.length <= MOST_ADDED) return tf.addN([...tensors]);
  const sums: T[] = [];
  for (let at = 0; at < tensors.length; at += MOST_ADDED) {
    sums.push(tf.addN(tensors.slice(at, at + MOST_ADDED)));
  }
  return sumOf(tf, sums);
}

/** What the native engine offers beyond the public API. */
interface NativeBackend {
  readonly binding: Readonly<
    Record<"TF_ATTR_TYPE" | "TF_ATTR_FLOAT" | "TF_ATTR_STRING" | "TF_ATTR_BOOL" | "TF_FLOAT", number>
  >;
  executeSingleOutput(name: string, attributes: readonly Attribute[], inputs: tfjs.Tensor[]): tfjs.Tensor;
  executeMultipleOutputs(
    name: string,
    attributes: readonly Attribute[],
    inputs: tfjs.Tensor[],
    outputs: number,
  ): tfjs.Tensor[];
}

interface Attribute {
  readonly name: string;
  readonly type: number;
  readonly value: number | string | boolean;
}

/** Picks TensorFlow's fused kernels where the engine has them, and compositions of public operations elsewhere. */
export function createTrainingOps(tf: TensorFlow): TrainingOps {
  return tf.getBackend() === "tensorflow" ? nativeOps(tf) : composedOps(tf);
}

function nativeOps(tf: TensorFlow): TrainingOps {
  // The backend's class is not part of the public types.
  const backend = tf.backend() as unknown as NativeBackend;
  const { binding } = backend;
  const type = (name: string): Attribute => ({ name, type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT });
  const normalisation: Attribute[] = [
    type("T"),
    type("U"),
    { name: "epsilon", type: binding.TF_ATTR_FLOAT, value: NORMALISATION_EPSILON },
    { name: "data_format", type: binding.TF_ATTR_STRING, value: "NHWC" },
    { name: "is_training", type: binding.TF_ATTR_BOOL, value: true },
  ];
  const reluWithGradient = tf.customGrad((x, save) => {
    const y = tf.relu(x as tfjs.Tensor);
    (save as tfjs.GradSaveFunc)([y]);
    return {
      value: y,
      gradFunc: (dy: tfjs.Tensor, saved: tfjs.Tensor[]) =>
        backend.executeSingleOutput("ReluGrad", [type("T")], [dy, saved[0]!]),
    };
  });
  return {
    relu: (x) => reluWithGradient(x) as tfjs.Tensor4D,
    normalise(x, scale, offset) {
      const statistics: tfjs.Tensor1D[] = [];
      const fused = tf.customGrad((...args) => {
        const [input, gamma, beta] = args as tfjs.Tensor[];
        const save = args.at(-1) as unknown as tfjs.GradSaveFunc;
        const empty = tf.tensor1d([]);
        const [y, mean, variance, reserve1, reserve2, reserve3] = backend.executeMultipleOutputs(
          "FusedBatchNormV3",
          [...normalisation, { name: "exponential_avg_factor", type: binding.TF_ATTR_FLOAT, value: 1 }],
          [input!, gamma!, beta!, empty, empty],
          6,
        );
        statistics.push(tf.keep(mean!) as tfjs.Tensor1D, tf.keep(variance!) as tfjs.Tensor1D);
        save([input!, gamma!, reserve1!, reserve2!, reserve3!]);
        return {
          value: y!,
          gradFunc: (dy: tfjs.Tensor, saved: tfjs.Tensor[]) => {
            const [dx, dGamma, dBeta] = backend.executeMultipleOutputs(
              "FusedBatchNormGradV3",
              normalisation,
              [dy, ...saved],
              5,
            );
            return [dx!, dGamma!, dBeta!];
          },
        };
      });
      const y = fused(x, scale, offset) as tfjs.Tensor4D;
      return { y, mean: statistics[0]!, variance: statistics[1]! };
    },
  };
}

/**
 * The formulas of Ioffe and Szegedy (2015), section 3, written out for both directions: the gradients that TensorFlow.js
 * derives from public operations take three times as many of them.
 */
function composedOps(tf: TensorFlow): TrainingOps {
  return {
    relu: (x) => tf.relu(x),
    normalise(x, scale, offset) {
      const statistics: tfjs.Tensor1D[] = [];
      const count = x.size / x.shape[3];
      const normalised = tf.customGrad((...args) => {
        const [input, gamma, beta] = args as tfjs.Tensor[];
        const save = args.at(-1) as unknown as tfjs.GradSaveFunc;
        const mean = tf.div(channelSums(tf, input!), count);
        const centred = tf.sub(input!, mean);
        const variance = tf.div(channelSums(tf, tf.square(centred)), count);
        const inverse = tf.rsqrt(tf.add(variance, NORMALISATION_EPSILON));
        const unit = tf.mul(centred, inverse);
        // The fused kernel gives the unbiased variance for the running statistic.
        const unbiased = tf.mul(variance, count / Math.max(1, count - 1));
        statistics.push(tf.keep(mean) as tfjs.Tensor1D, tf.keep(unbiased) as tfjs.Tensor1D);
        save([unit, gamma!, inverse]);
        return {
          value: tf.add(tf.mul(unit, gamma!), beta!),
          gradFunc: (dy: tfjs.Tensor, saved: tfjs.Tensor[]) => {
            const [unit, gamma, inverse] = saved;
            const dBeta = channelSums(tf, dy);
            const dGamma = channelSums(tf, tf.mul(dy, unit!));
            const common = tf.div(tf.add(dBeta, tf.mul(unit!, dGamma)), count);
            return [tf.mul(tf.sub(dy, common), tf.mul(gamma!, inverse!)), dGamma, dBeta];
          },
        };
      });
      const y = normalised(x, scale, offset) as tfjs.Tensor4D;
      return { y, mean: statistics[0]!, variance: statistics[1]! };
    },
  };
}

/**
 * Sums over all axes but the last, one axis after the other: the WebAssembly engine adds up one number at a time, and a
 * long sum of 32-bit numbers loses a digit. As products with ones, which are that engine's fastest way.
 *
 * @param x Shape [B, T, F, C].
 * @returns Shape [C].
 */
function channelSums(tf: TensorFlow, x: tfjs.Tensor): tfjs.Tensor {
  let rest = x;
  for (const size of x.shape.slice(0, -1)) {
    rest = tf.matMul(tf.ones([1, size]), tf.reshape(rest, [size, rest.size / size]));
  }
  return tf.reshape(rest, [x.shape.at(-1)!]);
}
