import type { Layer } from "lib/learning/model/layer.ts";
import { conv2d } from "lib/learning/model/layers/conv2d.ts";
import { depthwise } from "lib/learning/model/layers/depthwise.ts";
import type { Normalisation } from "lib/learning/model/layers/rectified.ts";

/** Filters and strides of a convolution, or of a depthwise one and the pointwise one behind it. */
export interface MobilenetStage {
  readonly filters: number;
  /** Over time and bands. */
  readonly stride: readonly [number, number];
}

/** The kernel of all convolutions that are not pointwise. */
const KERNEL = [3, 3] as const;

/** Widths and strides of MobileNet v1 (Howard et al., 2017, table 1). */
export const MOBILENET_V1: readonly MobilenetStage[] = Object.freeze(
  ([
    ...[[32, 2], [64, 1], [128, 2], [128, 1], [256, 2], [256, 1], [512, 2]],
    ...[[512, 1], [512, 1], [512, 1], [512, 1], [512, 1], [1024, 2], [1024, 1]],
  ] as const).map(([filters, stride]) => ({ filters, stride: [stride, stride] as const })),
);

/**
 * The layers of MobileNet v1 without its end: a convolution, then pairs of a depthwise and a pointwise one, named `layer1`,
 * `layer2_depthwise`, `layer2` and so on.
 *
 * @param options.longestStride Frames for each step at the most: strides over time beyond it become a distance between the
 * steps of what follows (Holschneider et al., 1989), so that all their phases are computed, and no step twice.
 * @param options.normalisation Biases by default, into which batch normalisation was folded; to learn from nothing, batch.
 */
export function mobilenet(
  stages: readonly MobilenetStage[],
  { longestStride = Infinity, normalisation = "bias" }: {
    readonly longestStride?: number | undefined;
    readonly normalisation?: Normalisation | undefined;
  } = {},
): Layer[] {
  const layers: Layer[] = [];
  let [stride, dilation, channels] = [1, 1, 1];
  stages.forEach((stage, i) => {
    const name = `layer${i + 1}`;
    if (i === 0) {
      layers.push(
        conv2d({ name, filters: stage.filters, kernel: KERNEL, stride: stage.stride, normalisation }),
      );
      stride = stage.stride[0];
    } else {
      const apart = stride * stage.stride[0] > longestStride;
      layers.push(
        depthwise({
          name: `${name}_depthwise`,
          filters: channels,
          kernel: KERNEL,
          dilation,
          normalisation,
          stride: apart ? [1, stage.stride[1]] : stage.stride,
          // A stride of 2 sees what comes after: the same steps, for each phase.
          timePadding: apart ? [0, (KERNEL[0] - 1) * dilation] : undefined,
        }),
        conv2d({ name, filters: stage.filters, kernel: [1, 1], stride: [1, 1], normalisation }),
      );
      if (apart) dilation *= stage.stride[0];
      else stride *= stage.stride[0];
    }
    channels = stage.filters;
  });
  return layers;
}
