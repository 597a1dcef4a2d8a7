import { type Layer, STEP_BY_STEP } from "lib/learning/model/layer.ts";

/** The mean of each channel over the bands: [B, T, F, C] to [B, T, C]. */
export function meanBands({ name }: { readonly name: string }): Layer {
  return {
    kind: "mean-bands",
    name,
    ...STEP_BY_STEP,
    outputShape: ({ channels }) => ({ bands: 1, channels }),
    parameters: () => [],
    forward: (tf, x) => tf.mean(x, 2),
    export: (graph, { x, prefix }) =>
      graph.node("ReduceMean", [x], [`${prefix}${name}_out`], { axes: [3], keepdims: 0 })[0],
  };
}
