import type * as tfjs from "@tensorflow/tfjs";
import type { Clip } from "lib/learning/dataset/clip.ts";
import type { FeatureConfig } from "lib/learning/features/feature_config.ts";
import { type Architecture, frameStride, parametersOf } from "lib/learning/model/architecture.ts";
import { forward } from "lib/learning/model/forward.ts";
import type { TensorFlow } from "lib/learning/model/tensor_ops.ts";
import { clipFeatures } from "lib/learning/train/clip_features.ts";
import { takeValues, type WeightArrays } from "lib/learning/train/network.ts";

/** A trained network whose layers below the last one describe sounds. */
export interface Trunk {
  readonly architecture: Architecture;
  readonly weights: WeightArrays;
  readonly features: FeatureConfig;
}

/** How clips are described. */
interface EmbedOptions {
  /** Told after each clip how many are done. */
  readonly onProgress?: ((done: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A network that describes stretches of sound, wherever it runs. */
export interface SoundDescriber {
  readonly features: FeatureConfig;
  /** Log-mel frames for each row of values. */
  readonly frameStride: number;
  /**
   * Values of the layer before the last.
   * @param logMel Shape [T, M], T a multiple of the stride.
   * @returns Shape [T', C].
   */
  describe(logMel: Float32Array<ArrayBuffer>): Promise<Float32Array>;
  /** Frees what it holds. */
  close(): void;
}

/** Describes sounds by a trained network in TensorFlow.js. */
export function trunkDescriber(tf: TensorFlow, { architecture, weights, features }: Trunk): SoundDescriber {
  const hidden: Architecture = {
    ...architecture,
    layers: architecture.layers.filter(({ kind }) => kind !== "logits" && kind !== "dropout"),
  };
  const tensors: Record<string, tfjs.Tensor> = Object.fromEntries(
    parametersOf(hidden).map(({ name, shape }) => [name, tf.tensor(weights[name]!, [...shape])]),
  );
  return {
    features,
    frameStride: frameStride(architecture),
    async describe(logMel) {
      const frames = logMel.length / features.nMels;
      return await takeValues(tf.tidy(() =>
        forward(tf, hidden, {
          weights: tensors,
          logMel: tf.tensor3d(logMel, [1, frames, features.nMels]),
        })
      ));
    },
    close: () => tf.dispose(Object.values(tensors)),
  };
}

/**
 * Describes each clip by numbers that a network learnt on other sounds: mean and highest value over the clip of each
 * channel before the last layer, and mean, spread and highest value of each log-mel band. The bands tell sounds apart
 * that the network was never taught; the channels tell those apart whose bands look alike.
 *
 * @returns For each clip an array of shape [D], D the same for all.
 */
export async function embedClips(
  describer: SoundDescriber,
  clips: readonly Pick<Clip, "name" | "samples">[],
  options: EmbedOptions = {},
): Promise<Float32Array[]> {
  const { features, frameStride: stride } = describer;
  const embeddings: Float32Array[] = [];
  for (const clip of clips) {
    options.signal?.throwIfAborted();
    const { logMel, frames, start, end } = clipFeatures(clip, { features, frameStride: stride });
    const values = await describer.describe(Float32Array.from(logMel));
    const channels = values.length * stride / frames;
    const first = Math.floor(start / stride);
    const last = Math.max(first + 1, Math.min(frames / stride, Math.ceil(end / stride)));
    embeddings.push(Float32Array.from([
      ...pooled(values, channels, [first, last], ["mean", "highest"]),
      ...pooled(logMel, features.nMels, [start, end], ["mean", "spread", "highest"]),
    ]));
    options.onProgress?.(embeddings.length);
    // The native engine computes on this thread; others must be let in.
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  return embeddings;
}

/** Statistics over rows `first` to before `end` of each column. */
function* pooled(
  values: Float32Array,
  width: number,
  [first, end]: readonly [number, number],
  kinds: readonly ("mean" | "spread" | "highest")[],
): Generator<number> {
  for (const kind of kinds) {
    for (let c = 0; c < width; c++) {
      let [sum, squares, highest] = [0, 0, -Infinity];
      for (let t = first; t < end; t++) {
        const value = values[t * width + c]!;
        sum += value;
        squares += value * value;
        if (value > highest) highest = value;
      }
      const mean = sum / (end - first);
      if (kind === "mean") yield mean;
      else if (kind === "highest") yield highest;
      else yield Math.sqrt(Math.max(0, squares / (end - first) - mean * mean));
    }
  }
}
