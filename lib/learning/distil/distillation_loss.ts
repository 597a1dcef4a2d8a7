import type * as tfjs from "@tensorflow/tfjs";
import type { TensorFlow } from "lib/learning/model/tensor_ops.ts";
import type { Loss } from "lib/learning/train/loss.ts";

/** How common each class is in the sounds that are learnt from, and how far embeddings spread. */
export interface LessonStatistics {
  /** Mean score of each class. */
  readonly meanScores: Float32Array;
  /** Largest score of each class. */
  readonly highestScores: Float32Array;
  /** Mean of each channel of the embeddings. */
  readonly meanEmbedding: Float32Array;
  /** What each channel is divided by: its deviation, or a quarter of the root mean square of all, if that is more. */
  readonly spread: Float32Array;
}

/** A class that never reaches this score sounds nowhere: that it is absent is all there is to learn. */
const HEARD = 0.2;

/**
 * How much each class counts: rare ones more than often ones, by the root of their mean score, those never heard a tenth as
 * much. Scaled so that a network that gives every class its mean score has a loss of 1.
 */
export function classWeights({ meanScores, highestScores }: LessonStatistics): Float32Array {
  const wanted = meanScores.map((mean, k) =>
    (highestScores[k]! < HEARD ? 0.1 : 1) / Math.sqrt(Math.max(mean, 1e-4))
  );
  const total = wanted.reduce((sum, weight, k) => sum + weight * entropy(meanScores[k]!), 0);
  return wanted.map((weight) => weight / total);
}

function entropy(probability: number): number {
  const p = Math.min(1 - 1e-6, Math.max(1e-6, probability));
  return -p * Math.log(p) - (1 - p) * Math.log(1 - p);
}

/**
 * Cross-entropy of the classes with the teacher's scores, as a share of what knowing how common each is leaves, and the
 * squared error of the embedding's channels, each as a share of its variance: about 2 before anything is learnt.
 *
 * Outputs and targets are [B, S, K + E]: K logits (scores), then E values of the embedding, scaled to a variance of 1 each: what
 * tells rare sounds apart is in channels that are seldom active.
 */
export function distillationLoss(classes: number, weightOfClass: Float32Array): Loss {
  return (tf: TensorFlow, outputs: tfjs.Tensor3D, { targets }) => {
    const [B, S, outputsEach] = outputs.shape;
    const channels = outputsEach - classes;
    const part = (of: tfjs.Tensor3D, from: number, size: number): tfjs.Tensor =>
      tf.slice(of, [0, 0, from], [B, S, size]);
    const logits = part(outputs, 0, classes);
    const scores = part(targets, 0, classes);
    const log = tf.log1p(tf.exp(tf.neg(tf.abs(logits))));
    const entropies = tf.add(tf.sub(tf.relu(logits), tf.mul(logits, scores)), log);
    const byClass = tf.div(tf.sum(tf.mul(entropies, tf.tensor1d(weightOfClass))), B * S);
    const errors = tf.sub(part(outputs, classes, channels), part(targets, classes, channels));
    return tf.add(byClass, tf.mean(tf.square(errors))) as tfjs.Scalar;
  };
}
