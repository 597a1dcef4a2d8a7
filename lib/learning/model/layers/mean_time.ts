import type * as tfjs from "@tensorflow/tfjs";
import type { Layer } from "lib/learning/model/layer.ts";
import { sumOf } from "lib/learning/model/tensor_ops.ts";

/** Which steps a sliding mean over time covers. */
interface MeanTime {
  readonly name: string;
  /** Steps before the one that the mean is given for. */
  readonly before: number;
  /** Steps after it. */
  readonly after: number;
}

/** The mean of each channel over a window that slides over time, of those steps that exist: [B, T, C]. */
export function meanTime({ name, before, after }: MeanTime): Layer & MeanTime {
  const length = before + 1 + after;
  return {
    kind: "mean-time",
    name,
    before,
    after,
    timeStride: 1,
    reach: { before, after },
    outputShape: (input) => input,
    parameters: () => [],
    forward(tf, x) {
      const [B, T, C] = x.shape as [number, number, number];
      const sumOver = (values: tfjs.Tensor3D, channels: number): tfjs.Tensor => {
        const padded = tf.pad(values, [[0, 0], [before, after], [0, 0]]);
        return sumOf(
          tf,
          Array.from({ length }, (_, i) => tf.slice(padded, [0, i, 0], [values.shape[0], T, channels])),
        );
      };
      return tf.div(sumOver(tf.reshape(x, [B, T, C]), C), sumOver(tf.ones([1, T, 1]), 1));
    },
    export: (graph, { x, prefix }) =>
      graph.node("AveragePool", [x], [`${prefix}${name}_out`], {
        kernel_shape: [length],
        pads: [before, after],
        count_include_pad: 0,
      })[0],
  };
}
