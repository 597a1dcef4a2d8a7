import type * as tfjs from "@tensorflow/tfjs";
import { constantParameter, kernelParameter, type Layer, STEP_BY_STEP } from "lib/learning/model/layer.ts";
import { toChannelsFirst } from "lib/learning/model/layers/kernel_order.ts";

/** One logit an event: [B, T, C] to [B, T, K]. */
export function logits({ name, events }: { readonly name: string; readonly events: number }): Layer {
  return {
    ...{ kind: "logits", name, events },
    ...STEP_BY_STEP,
    outputShape: () => ({ bands: 1, channels: events }),
    parameters: ({ channels }) => [
      kernelParameter(name, [channels, events], channels),
      constantParameter(`${name}/bias`, events, -2),
    ],
    forward(tf, x, { weights }) {
      const [B, T, C] = x.shape as [number, number, number];
      const kernel = weights[`${name}/kernel`] as tfjs.Tensor2D;
      const y = tf.add(tf.matMul(tf.reshape(x, [B * T, C]), kernel), weights[`${name}/bias`]!);
      return tf.reshape(y, [B, T, events]);
    },
    export(graph, { x, shape: { channels }, weights, prefix }) {
      const value = `${prefix}${name}`;
      const kernel = toChannelsFirst(weights[`${name}/kernel`]!, [1, channels, events]);
      graph.initializer(`${value}_kernel`, kernel, [events, channels, 1]);
      graph.initializer(`${value}_bias`, weights[`${name}/bias`]!, [events]);
      return graph.node("Conv", [x, `${value}_kernel`, `${value}_bias`], [`${value}_out`], {
        kernel_shape: [1],
      })[0];
    },
  };
}
