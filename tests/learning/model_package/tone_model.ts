import { type FeatureConfig } from "lib/learning/features/feature_config.ts";
import { soundInputs } from "lib/learning/features/model_input.ts";
import { createOnnxGraph } from "lib/learning/model/onnx_writer.ts";
import {
  DEFAULT_POSTPROCESSING,
  type Manifest,
  type Postprocessing,
} from "lib/learning/model_package/manifest.ts";
import { writePackage } from "lib/learning/model_package/write_package.ts";

/** Features small enough for fast tests: 20 ms between frames. */
export const TONE_FEATURES = Object.freeze(
  {
    kind: "log-mel",
    sampleRate: 8000,
    nFft: 256,
    hopLength: 160,
    nMels: 16,
    fMin: 20,
    fMax: 4000,
    logFloor: 1e-6,
    logOffset: 2,
    logScale: 2,
  } as const satisfies FeatureConfig,
);

/** What a tone model listens to and how it cuts time. */
export interface ToneModelOptions {
  readonly name?: string;
  readonly eventNames?: readonly string[];
  /** For each event, the first mel band that it listens to; it takes three. */
  readonly firstBands?: readonly number[];
  readonly features?: FeatureConfig;
  readonly frameStride?: number;
  readonly contextFrames?: number;
  readonly postprocessing?: Partial<Postprocessing>;
  /** Loudness (log-mel value, mean over bands and frames) at which the score is one half. */
  readonly level?: number;
}

/**
 * A real ONNX model whose scores can be reasoned about: each score is the logistic function of the mean of
 * three mel bands over its own frames and the context on both sides, those farther away counting less.
 */
export function toneModelOnnx(options: ToneModelOptions = {}): Uint8Array<ArrayBuffer> {
  const { features, firstBands, frameStride, contextFrames, level } = resolve(options);
  const { nMels } = features;
  const K = firstBands.length;
  const taps = frameStride + 2 * contextFrames;
  const weight = new Float32Array(K * taps * nMels);
  firstBands.forEach((band, k) => {
    for (let tap = 0; tap < taps; tap++) {
      const inside = tap >= contextFrames && tap < contextFrames + frameStride;
      const gain = inside ? 1 : 0.1;
      const total = frameStride + 2 * contextFrames * 0.1;
      for (let m = band; m < band + 3; m++) {
        weight[(k * taps + tap) * nMels + m] = (SLOPE * gain) / (3 * total);
      }
    }
  });

  const graph = createOnnxGraph({ name: "tone" });
  graph.input("log_mel", ["B", "T", nMels]);
  graph.initializer("channel_axis", BigInt64Array.of(1n), [1]);
  graph.initializer("band_axis", BigInt64Array.of(3n), [1]);
  graph.initializer("weight", weight, [K, 1, taps, nMels]);
  graph.initializer("bias", new Float32Array(K).fill(-SLOPE * level), [K]);
  graph.node("Unsqueeze", ["log_mel", "channel_axis"], ["image"]);
  graph.node("Conv", ["image", "weight", "bias"], ["raw"], {
    strides: [frameStride, 1],
    pads: [contextFrames, 0, contextFrames, 0],
  });
  graph.node("Squeeze", ["raw", "band_axis"], ["logits"]);
  graph.node("Sigmoid", ["logits"], ["scores"]);
  graph.node("Transpose", ["scores"], ["frame_scores"], { perm: [0, 2, 1] });
  graph.node("ReduceMax", ["scores"], ["clip_scores"], { axes: [2], keepdims: 0 });
  graph.output("frame_scores", ["B", "S", K]);
  graph.output("clip_scores", ["B", K]);
  return graph.encode();
}

/** What the manifest of a tone model says. */
export function toneManifest(
  options: ToneModelOptions = {},
): Omit<Manifest, "formatVersion" | "modelSha256"> {
  const { name, eventNames, features, frameStride, contextFrames, postprocessing } = resolve(options);
  return {
    name,
    eventNames: [...eventNames],
    inputs: soundInputs(features),
    clipSeconds: 1,
    architecture: { name: "tone", frameStride, contextFrames, parameters: {} },
    training: {},
    seed: 1,
    dataFingerprint: "none",
    metrics: {},
    postprocessing: { ...DEFAULT_POSTPROCESSING, ...postprocessing },
    operatingPoints: [],
  };
}

/** Writes a tone model to a new folder. */
export async function writeToneModel(dir: string, options: ToneModelOptions = {}): Promise<Manifest> {
  return await writePackage(dir, {
    manifest: toneManifest(options),
    model: toneModelOnnx(options),
    modelCard: "# Tone\n\nA test model: it hears loud tones.\n",
  });
}

const SLOPE = 12;

function resolve(options: ToneModelOptions): Required<ToneModelOptions> {
  const eventNames = options.eventNames ?? ["beep"];
  return {
    name: "tone",
    eventNames,
    firstBands: options.firstBands ?? eventNames.map((_, k) => 4 * k),
    features: TONE_FEATURES,
    frameStride: 4,
    contextFrames: 8,
    postprocessing: {},
    level: 0.5,
    ...options,
  };
}
