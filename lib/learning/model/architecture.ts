import type { Layer, LayerShape, Parameter } from "lib/learning/model/layer.ts";
import { conv1d } from "lib/learning/model/layers/conv1d.ts";
import { conv2d } from "lib/learning/model/layers/conv2d.ts";
import { dropout } from "lib/learning/model/layers/dropout.ts";
import { joinBands } from "lib/learning/model/layers/join_bands.ts";
import { logits } from "lib/learning/model/layers/logits.ts";
import { reachOf, tapped } from "lib/learning/model/layers/tapped.ts";
import { mobilenet, MOBILENET_V1, type MobilenetStage } from "lib/learning/model/mobilenet.ts";

/** A network as a list of layers: the trainer runs it, the exporter writes it, and both agree by construction. */
export interface Architecture {
  readonly name: string;
  /** Mel bands that go in. */
  readonly nMels: number;
  readonly layers: readonly Layer[];
}

/** Sizes of the default network. */
interface FrameCnnConfig {
  readonly nMels: number;
  readonly events: number;
  /** Channels of the first layer; the others are multiples of it. */
  readonly width: number;
  /** Channels of the layers over time. */
  readonly timeWidth: number;
  /** Dilations of the layers over time, in scores. */
  readonly dilations: readonly number[];
  readonly dropout: number;
}

export const DEFAULT_FRAME_CNN = Object.freeze(
  {
    nMels: 64,
    events: 1,
    width: 16,
    timeWidth: 96,
    dilations: [1, 2, 4],
    dropout: 0.3,
  } as const satisfies FrameCnnConfig,
);

/**
 * The default network: strided 2-D convolutions down to one score every four log-mel frames, then dilated
 * convolutions over time. Its receptive field is finite in time, so scores do not depend on where a recording
 * starts. Strides instead of pooling halve the time of a training step.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { frameCnn } from "lib/learning/model/architecture.ts";
 *
 * const { nMels, layers } = frameCnn();
 * assert.equal(nMels, 64);
 * assert.equal(layers.at(-1)?.kind, "logits");
 * ```
 */
export function frameCnn(config: FrameCnnConfig = DEFAULT_FRAME_CNN): Architecture {
  const { width: w, timeWidth, dilations, dropout: rate, events, nMels } = config;
  const image = (name: string, filters: number, stride: [number, number]): Layer =>
    conv2d({ name, filters, kernel: [3, 3], stride });
  return {
    name: "frame-cnn",
    nMels,
    layers: [
      image("conv1", w, [2, 2]),
      image("conv2", 2 * w, [1, 1]),
      image("conv3", 4 * w, [2, 2]),
      image("conv4", 4 * w, [1, 2]),
      image("conv5", 4 * w, [1, 2]),
      joinBands({ name: "bands" }),
      ...timeLayers({ timeWidth, dilations }),
      dropout({ name: "dropout", rate }),
      logits({ name: "logits", events }),
    ],
  };
}

/** Sizes of a network over the trunk of a pre-trained one. */
interface TappedCnnConfig {
  readonly nMels: number;
  readonly events: number;
  /** Convolutions of the trunk. */
  readonly stages: readonly MobilenetStage[];
  /** Which of them are looked at, from 1. */
  readonly taps: readonly number[];
  /** Channels of the layers over time. */
  readonly timeWidth: number;
  /** Dilations of the layers over time, in scores. */
  readonly dilations: readonly number[];
  readonly dropout: number;
}

export const DEFAULT_TAPPED_CNN = Object.freeze(
  {
    nMels: 64,
    events: 1,
    stages: MOBILENET_V1,
    taps: [6, 12, 14],
    timeWidth: 96,
    dilations: [1],
    dropout: 0.3,
  } as const satisfies TappedCnnConfig,
);

/** Frames for each score of a network over a pre-trained trunk: fine enough for short sounds, and no value twice. */
const FRAMES_PER_SCORE = 16;

/**
 * A network that looks at a pre-trained trunk in several places, and at what is around over time; one score every sixteen
 * frames. Its trunk's weights have the names of the pre-trained network.
 */
export function tappedCnn(config: TappedCnnConfig): Architecture {
  const { stages, taps, timeWidth, dilations, dropout: rate, events, nMels } = config;
  return {
    name: "tapped-cnn",
    nMels,
    layers: [
      tapped({
        name: "trunk",
        layers: mobilenet(stages, { longestStride: FRAMES_PER_SCORE }),
        taps: taps.map((tap) => `layer${tap}`),
      }),
      ...timeLayers({ timeWidth, dilations }),
      dropout({ name: "dropout", rate }),
      logits({ name: "logits", events }),
    ],
  };
}

/** Layers over time, each of which sees further. */
function timeLayers({ timeWidth, dilations }: Pick<TappedCnnConfig, "timeWidth" | "dilations">): Layer[] {
  return [
    conv1d({ name: "time0", filters: timeWidth, kernel: 1, dilation: 1, residual: false }),
    ...dilations.map((dilation, i) =>
      conv1d({ name: `time${i + 1}`, filters: timeWidth, kernel: 3, dilation, residual: true })
    ),
  ];
}

/** Sizes of a network, by which its kind is known too. */
export type NetworkSizes =
  | Omit<FrameCnnConfig, "nMels" | "events">
  | Omit<TappedCnnConfig, "nMels" | "events">;

/** The network of these sizes. */
export function networkOf(
  sizes: NetworkSizes,
  ends: { readonly nMels: number; readonly events: number },
): Architecture {
  return "stages" in sizes ? tappedCnn({ ...sizes, ...ends }) : frameCnn({ ...sizes, ...ends });
}

/** Log-mel frames per score. */
export function frameStride({ layers }: Architecture): number {
  return layers.reduce((stride, layer) => stride * layer.timeStride, 1);
}

/** Log-mel frames on each side of a score that can change it, rounded up to whole scores. */
export function contextFrames(architecture: Architecture): number {
  const { before, after } = reachOf(architecture.layers);
  const stride = frameStride(architecture);
  return Math.ceil(Math.max(before, after) / stride) * stride;
}

/** Each layer with the shape of what it takes. */
export function layersWithInputs(
  { nMels, layers }: Architecture,
): { readonly layer: Layer; readonly input: LayerShape }[] {
  let input: LayerShape = { bands: nMels, channels: 1 };
  return layers.map((layer) => {
    const taken = { layer, input };
    input = layer.outputShape(input);
    return taken;
  });
}

/** All weights in a fixed order, with their shapes. */
export function parametersOf(architecture: Architecture): Parameter[] {
  return layersWithInputs(architecture).flatMap(({ layer, input }) => layer.parameters(input));
}
