import { type Layer, STEP_BY_STEP } from "lib/learning/model/layer.ts";

/** Drops whole channels of [B, T, C] while training. */
export function dropout({ name, rate }: { readonly name: string; readonly rate: number }): Layer {
  return {
    ...{ kind: "dropout", name, rate },
    ...STEP_BY_STEP,
    outputShape: (input) => input,
    parameters: () => [],
    forward(tf, x, { training }) {
      if (!training || rate === 0) return x;
      const [B, , C] = x.shape as [number, number, number];
      const noise = training.dropoutNoise(B * C);
      const keep = noise.map((value) => value < rate ? 0 : 1 / (1 - rate));
      return tf.mul(x, tf.tensor3d(keep, [B, 1, C]));
    },
    export: (_graph, { x }) => x,
  };
}
