import { concatenate } from "lib/base/numbers/concatenate.ts";
import { createFeatureLanes, silenceValue } from "lib/learning/detect/feature_lanes.ts";
import type { FeatureConfig } from "lib/learning/features/feature_config.ts";
import { soundInputs } from "lib/learning/features/model_input.ts";
import { type Architecture, contextFrames, frameStride } from "lib/learning/model/architecture.ts";
import {
  DEFAULT_POSTPROCESSING,
  FORMAT_VERSION,
  type Manifest,
} from "lib/learning/model_package/manifest.ts";
import { trunkValues } from "lib/learning/train/kept_trunk.ts";
import type { WeightArrays } from "lib/learning/train/network.ts";
import type { TensorFlow } from "lib/learning/model/tensor_ops.ts";

/** What a trunk makes of a recording. */
export interface RecordingValues {
  /** Shape [S, C], a row for each score. */
  readonly values: Float32Array<ArrayBuffer>;
  /** C. */
  readonly width: number;
  /** What it makes of silence, shape [C]: that is what a recording is surrounded by. */
  readonly silence: Float32Array;
}

/** Seconds of sound that the trunk sees at a time. */
const CHUNK_SECONDS = 30;

/**
 * Runs a trunk over a whole recording once, piece by piece, each with the context that the trunk sees.
 *
 * @param samples At the features' rate.
 */
export async function recordingValues(
  tf: TensorFlow,
  samples: AsyncIterable<Float32Array>,
  { trunk, weights, features, signal }: {
    readonly trunk: Architecture;
    readonly weights: WeightArrays;
    readonly features: FeatureConfig;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<RecordingValues> {
  const stride = frameStride(trunk);
  const context = contextFrames(trunk) / stride;
  const chunks: Float32Array<ArrayBuffer>[] = [];
  const lanes = createFeatureLanes(
    [trunkManifest(trunk, features)],
    { sampleRate: features.sampleRate, chunkSeconds: CHUNK_SECONDS },
    (_, chunk) => void chunks.push(chunk),
  );
  const network = trunkValues(tf, trunk, weights);
  const rows: Float32Array[] = [];
  /** What the trunk gives for frames without those of the context, shape [s, C]. */
  const valuesOf = async (logMel: Float32Array<ArrayBuffer>): Promise<Float32Array> => {
    const T = logMel.length / features.nMels;
    const S = T / stride;
    const none = new Float32Array(0);
    const shape = { B: 1, T, M: features.nMels, S, K: 1 };
    const { logMel: values, shape: { M } } = await network.of({
      logMel,
      targets: none,
      weights: none,
      shape,
    });
    return values.slice(context * M, (S - context) * M);
  };
  const runChunks = async () => {
    for (const logMel of chunks.splice(0)) rows.push(await valuesOf(logMel));
  };
  try {
    for await (const block of samples) {
      signal?.throwIfAborted();
      lanes.push(block);
      await runChunks();
    }
    lanes.flush();
    await runChunks();
    const frames = new Float32Array((2 * context + 1) * stride * features.nMels).fill(silenceValue(features));
    const silence = await valuesOf(frames);
    return { values: concatenate(rows), width: silence.length, silence };
  } finally {
    network.dispose();
  }
}

/** What the lanes of features must know of a trunk: its features, its stride and how far it sees. */
function trunkManifest(trunk: Architecture, features: FeatureConfig): Manifest {
  return {
    formatVersion: FORMAT_VERSION,
    name: trunk.name,
    eventNames: ["sound"],
    inputs: soundInputs(features),
    clipSeconds: CHUNK_SECONDS,
    architecture: {
      name: trunk.name,
      frameStride: frameStride(trunk),
      contextFrames: contextFrames(trunk),
      parameters: {},
    },
    training: {},
    seed: 0,
    dataFingerprint: "none",
    metrics: {},
    postprocessing: DEFAULT_POSTPROCESSING,
    operatingPoints: [],
    modelSha256: "0".repeat(64),
  };
}
