import type { FeatureConfig } from "lib/learning/features/feature_config.ts";
import { listenerNetwork } from "lib/learning/listener/listener_network.ts";
import type { TfliteLayer } from "lib/learning/listener/tflite_file.ts";
import type { Architecture } from "lib/learning/model/architecture.ts";
import type { MobilenetStage } from "lib/learning/model/mobilenet.ts";

/** The log-mel spectrogram that YAMNet was trained on: natural logarithms of magnitudes, 100 frames a second. */
export const YAMNET_FEATURES = Object.freeze(
  {
    kind: "log-mel",
    sampleRate: 16_000,
    nFft: 512,
    winLength: 400,
    hopLength: 160,
    nMels: 64,
    fMin: 125,
    fMax: 7500,
    logFloor: 1e-3,
    logOffset: 0,
    logScale: Math.LOG10E,
    spectrum: "magnitude",
    melScale: "htk",
    melNorm: "none",
  } as const satisfies FeatureConfig,
);

const LAYERS = 27;

/** A network and its weights, by the names of `parametersOf()`. */
export interface YamnetNetwork {
  /** Widths and strides of its convolutions. */
  readonly stages: readonly MobilenetStage[];
  readonly architecture: Architecture;
  readonly weights: Readonly<Record<string, Float32Array>>;
}

/**
 * Makes YAMNet (MobileNet v1: Howard et al., 2017) of the layers of a file: a convolution, thirteen pairs of a depthwise
 * and a pointwise one, a dense layer. Widths and strides are those of the file.
 *
 * @param dense Whether scores are given every 160 ms for stretches of any length; else for patches, by the mean over all
 * that goes in.
 * @throws {SyntaxError} If the layers are not those of this network.
 */
export function yamnetNetwork(
  file: readonly TfliteLayer[],
  { dense = true }: { readonly dense?: boolean } = {},
): YamnetNetwork {
  // What comes before makes the spectrogram, which is computed in float instead.
  const found = file.slice(-LAYERS - 1);
  const convolutions = found.slice(0, LAYERS);
  const last = found.at(-1);
  if (convolutions.length < LAYERS || last?.kind !== "dense") throw notYamnet(`it has ${file.length} layers`);
  const stages: MobilenetStage[] = [];
  const weights: Record<string, Float32Array> = {};
  let channels = 1;
  convolutions.forEach((layer, i) => {
    const isDepthwise = i % 2 === 1;
    const name = `layer${Math.ceil(i / 2) + 1}${isDepthwise ? "_depthwise" : ""}`;
    const size = i === 0 || isDepthwise ? 3 : 1;
    const [filters = 0, height = 0, width = 0, inputs = 0] = layer.kernel.shape;
    if (layer.kind !== (isDepthwise ? "depthwise" : "convolution") || !layer.padded) {
      throw notYamnet(`${name} is another operation`);
    }
    if (inputs !== channels || height !== size || width !== size) {
      throw notYamnet(`${name} does not fit the one before it`);
    }
    weights[`${name}/bias`] = layer.bias.data;
    if (isDepthwise) {
      weights[`${name}/kernel`] = layer.kernel.data;
      return;
    }
    weights[`${name}/kernel`] = lastAxis(layer.kernel.data, filters);
    // Pointwise ones have none of their own.
    stages.push({ filters, stride: convolutions[Math.max(0, i - 1)]!.stride });
    channels = filters;
  });
  const [events = 0, inputs = 0] = last.kernel.shape;
  if (inputs !== channels) throw notYamnet("its dense layer does not fit the one before it");
  weights["logits/kernel"] = lastAxis(last.kernel.data, events);
  weights["logits/bias"] = last.bias.data;
  const architecture = listenerNetwork({
    nMels: YAMNET_FEATURES.nMels,
    stages,
    outputs: events,
    steps: dense ? "dense" : "patches",
  });
  return { stages, architecture, weights };
}

function notYamnet(problem: string): SyntaxError {
  return new SyntaxError(`it is not the network YAMNet: ${problem}`);
}

/** [O, ...] to [..., O]. */
function lastAxis(values: Float32Array, outputs: number): Float32Array {
  const inner = values.length / outputs;
  const turned = new Float32Array(values.length);
  for (let o = 0; o < outputs; o++) {
    for (let i = 0; i < inner; i++) turned[i * outputs + o] = values[o * inner + i]!;
  }
  return turned;
}
