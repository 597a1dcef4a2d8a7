import { type Layer, STEP_BY_STEP } from "lib/learning/model/layer.ts";

/** Joins bands and channels: [B, T, F, C] to [B, T, F * C]. */
export function joinBands({ name }: { readonly name: string }): Layer {
  return {
    kind: "join-bands",
    name,
    ...STEP_BY_STEP,
    outputShape: ({ bands, channels }) => ({ bands: 1, channels: bands * channels }),
    parameters: () => [],
    forward(tf, x) {
      const [B, T, F, C] = x.shape as [number, number, number, number];
      return tf.reshape(x, [B, T, F * C]);
    },
    export(graph, { x, shape: { bands, channels }, prefix }) {
      const value = `${prefix}${name}`;
      // [B, C, T, F] to [B, F, C, T] to [B, F * C, T]
      graph.node("Transpose", [x], [`${value}_turned`], { perm: [0, 3, 1, 2] });
      graph.initializer(`${value}_shape`, BigInt64Array.of(0n, BigInt(bands * channels), -1n), [3]);
      return graph.node("Reshape", [`${value}_turned`, `${value}_shape`], [`${value}_out`])[0];
    },
  };
}
