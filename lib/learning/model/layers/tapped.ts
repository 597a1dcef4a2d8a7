import type * as tfjs from "@tensorflow/tfjs";
import type { Layer, LayerShape } from "lib/learning/model/layer.ts";

/** A stack of layers that is looked at in several places. */
interface Tapped {
  readonly name: string;
  /** From one of values over bands to the next, as `Architecture.layers` are. */
  readonly layers: readonly Layer[];
  /** Names of the layers whose values come out. */
  readonly taps: readonly string[];
}

/**
 * Runs layers one after the other and gives the values of several of them side by side: for each channel its mean and its
 * largest value over the bands, [B, T, F, C] to [B, T', 2 * C of all taps]. Early layers know when something sounds, late ones
 * what it is. Values that come more often than those of the last layer are averaged over time.
 *
 * @throws {RangeError} If there is no layer of a tap's name.
 */
export function tapped({ name, layers, taps }: Tapped): Layer & Tapped {
  for (const tap of taps) {
    if (!layers.some((layer) => layer.name === tap)) {
      throw new RangeError(`There is no layer ${tap} to look at`);
    }
  }
  const timeStride = layers.reduce((stride, layer) => stride * layer.timeStride, 1);
  const parts = withInputs(layers);
  return {
    kind: "tapped",
    name,
    layers,
    taps,
    timeStride,
    reach: reachOf(layers),
    outputShape: (input) => ({
      bands: 1,
      channels: parts(input).reduce(
        (sum, { layer, output }) => sum + (taps.includes(layer.name) ? 2 * output.channels : 0),
        0,
      ),
    }),
    parameters: (input) =>
      parts(input).flatMap(({ layer, input }) =>
        layer.parameters(input).map((parameter) => ({ ...parameter, isTrunk: true }))
      ),
    forward(tf, x, pass) {
      const steps = x.shape[1]! / timeStride;
      const seen: tfjs.Tensor[] = [];
      let value = x;
      for (const layer of layers) {
        value = layer.forward(tf, value, pass);
        if (!taps.includes(layer.name)) continue;
        const bands = tf.concat([tf.mean(value, 2), tf.max(value, 2)], 2);
        const [B, T, C] = bands.shape as [number, number, number];
        seen.push(T === steps ? bands : tf.mean(tf.reshape(bands, [B, steps, T / steps, C]), 2));
      }
      return tf.concat(seen, 2);
    },
    export(graph, { x, shape, weights, prefix }) {
      const seen: string[] = [];
      let [value, stride] = [x, 1];
      for (const { layer, input } of parts(shape)) {
        value = layer.export(graph, { x: value, shape: input, weights, prefix });
        stride *= layer.timeStride;
        if (!taps.includes(layer.name)) continue;
        const tap = `${prefix}${name}_${layer.name}`;
        graph.node("ReduceMean", [value], [`${tap}_mean`], { axes: [3], keepdims: 0 });
        graph.node("ReduceMax", [value], [`${tap}_max`], { axes: [3], keepdims: 0 });
        graph.node("Concat", [`${tap}_mean`, `${tap}_max`], [`${tap}_bands`], { axis: 1 });
        const step = timeStride / stride;
        if (step > 1) {
          graph.node("AveragePool", [`${tap}_bands`], [`${tap}_steps`], {
            kernel_shape: [step],
            strides: [step],
          });
        }
        seen.push(step > 1 ? `${tap}_steps` : `${tap}_bands`);
      }
      return graph.node("Concat", seen, [`${prefix}${name}_out`], { axis: 1 })[0];
    },
  };
}

function withInputs(layers: readonly Layer[]) {
  return (shape: LayerShape) => {
    let input = shape;
    return layers.map((layer) => {
      const part = { layer, input, output: layer.outputShape(input) };
      input = part.output;
      return part;
    });
  };
}

/** How far layers that follow each other see, in steps of the first one's input. */
export function reachOf(layers: readonly Layer[]): Layer["reach"] {
  let [stride, before, after] = [1, 0, 0];
  for (const { timeStride, reach } of layers) {
    before += reach.before * stride;
    after += reach.after * stride;
    stride *= timeStride;
  }
  return { before, after };
}
