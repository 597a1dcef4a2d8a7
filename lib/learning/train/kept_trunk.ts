import type * as tfjs from "@tensorflow/tfjs";
import { createRandom } from "lib/base/numbers/random.ts";
import type { Batch } from "lib/learning/dataset/batch.ts";
import type { BatchSource } from "lib/learning/dataset/batch_source.ts";
import { type Architecture, layersWithInputs, parametersOf } from "lib/learning/model/architecture.ts";
import { forward } from "lib/learning/model/forward.ts";
import { joinBands } from "lib/learning/model/layers/join_bands.ts";
import type { TensorFlow } from "lib/learning/model/tensor_ops.ts";
import { takeValues, type WeightArrays } from "lib/learning/train/network.ts";

/** A network in two: what a training leaves as it is, and the layers over time that learn. */
interface SplitNetwork {
  readonly trunk: Architecture;
  /** Takes what the trunk gives in place of mel bands. */
  readonly head: Architecture;
}

/** Splits a network where its layers over time begin. */
export function splitTrunk(architecture: Architecture): SplitNetwork {
  const layers = layersWithInputs(architecture);
  const first = layers.findIndex(({ layer }) => layer.kind === "conv1d");
  const { layers: all, name } = architecture;
  return {
    trunk: { ...architecture, layers: all.slice(0, first) },
    head: {
      name,
      nMels: layers[first]!.input.channels,
      layers: [joinBands({ name: "kept" }), ...all.slice(first)],
    },
  };
}

/** Computes what a trunk gives for batches: shape [B, T', C] in place of the spectrograms. */
export function trunkValues(
  tf: TensorFlow,
  trunk: Architecture,
  weights: WeightArrays,
): { of(batch: Batch): Promise<Batch>; dispose(): void } {
  const tensors: Record<string, tfjs.Tensor> = Object.fromEntries(
    parametersOf(trunk).map(({ name, shape }) => [name, tf.tensor(weights[name]!, [...shape])]),
  );
  return {
    async of(batch) {
      const { B, T, M, S } = batch.shape;
      const logMel = await takeValues(
        tf.tidy(() => forward(tf, trunk, { weights: tensors, logMel: tf.tensor3d(batch.logMel, [B, T, M]) })),
      );
      return { ...batch, logMel, shape: { ...batch.shape, T: S, M: logMel.length / (B * S) } };
    },
    dispose: () => tf.dispose(Object.values(tensors)),
  };
}

/** Batches whose windows are drawn anew each time out of those of some others, all of one shape. */
export function redrawn(batches: readonly Batch[], seed: string | number): BatchSource {
  const { shape } = batches[0]!;
  const draw = (index: number): Batch => {
    const random = createRandom(`${seed}/redrawn/${index}`);
    const drawn = Array.from({ length: shape.B }, () => ({
      batch: random.pick(batches),
      window: random.integer(shape.B),
    }));
    const collect = (of: (batch: Batch) => Float32Array): Float32Array => {
      const size = of(batches[0]!).length / shape.B;
      const all = new Float32Array(shape.B * size);
      drawn.forEach(({ batch, window }, b) =>
        all.set(of(batch).subarray(window * size, (window + 1) * size), b * size)
      );
      return all;
    };
    return {
      logMel: collect(({ logMel }) => logMel),
      targets: collect(({ targets }) => targets),
      weights: collect(({ weights }) => weights),
      shape,
    };
  };
  return { batch: (index) => Promise.resolve(draw(index)), setHardness: () => {}, close: () => {} };
}
