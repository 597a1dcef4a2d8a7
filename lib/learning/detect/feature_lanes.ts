import { createFrameChunker, type FrameChunker } from "lib/learning/detect/frame_chunks.ts";
import type { FeatureConfig } from "lib/learning/features/feature_config.ts";
import type { FeatureStream } from "lib/learning/features/frame_stream.ts";
import { createLogMel } from "lib/learning/features/log_mel.ts";
import { soundFeatures, soundInput } from "lib/learning/features/model_input.ts";
import type { Manifest } from "lib/learning/model_package/manifest.ts";
import { createResampler, type Resampler } from "lib/media/audio/resampler.ts";

/** From the samples of one recording to the chunks that networks are run on. */
interface FeatureLanes {
  push(block: Float32Array): void;
  /** To be called once, at the end. */
  flush(): void;
}

interface Lane {
  readonly resampler: Resampler | undefined;
  readonly features: FeatureStream;
  readonly chunkers: { readonly track: number; readonly chunker: FrameChunker }[];
}

/**
 * Makes the lanes from samples to chunks of log-mel frames, one for each model; models with equal features share
 * them.
 *
 * @param onChunk Gets each chunk as soon as it is complete, shape [t, M], with context on both sides.
 */
export function createFeatureLanes(
  manifests: readonly Manifest[],
  options: {
    /** Rate of the samples that are pushed, in Hz. */
    readonly sampleRate: number;
    readonly chunkSeconds: number;
  },
  onChunk: (track: number, chunk: Float32Array<ArrayBuffer>) => void,
): FeatureLanes {
  const { sampleRate, chunkSeconds } = options;
  const lanes = new Map<string, Lane>();
  manifests.forEach((manifest, track) => {
    const { features, fingerprint } = soundInput(manifest);
    const { architecture } = manifest;
    let lane = lanes.get(fingerprint);
    if (!lane) {
      const resampler = features.sampleRate === sampleRate
        ? undefined
        : createResampler(sampleRate, features.sampleRate);
      lanes.set(fingerprint, lane = { resampler, features: createLogMel(features), chunkers: [] });
    }
    const chunker = createFrameChunker({
      chunk: chunkFrames(manifest, chunkSeconds),
      context: architecture.contextFrames,
      stride: architecture.frameStride,
      width: features.nMels,
      silence: silenceValue(features),
    });
    lane.chunkers.push({ track, chunker });
  });
  const pushFrames = ({ chunkers }: Lane, frames: Float32Array) => {
    for (const { track, chunker } of chunkers) {
      for (const chunk of chunker.push(frames)) onChunk(track, chunk);
    }
  };
  return {
    push(block) {
      for (const lane of lanes.values()) {
        pushFrames(lane, lane.features.push(lane.resampler ? lane.resampler.push(block) : block));
      }
    },
    flush() {
      for (const lane of lanes.values()) {
        if (lane.resampler) pushFrames(lane, lane.features.push(lane.resampler.flush()));
        pushFrames(lane, lane.features.flush());
        for (const { track, chunker } of lane.chunkers) {
          for (const chunk of chunker.flush()) onChunk(track, chunk);
        }
      }
    },
  };
}

/** The log-mel value of silence. */
export function silenceValue({ logFloor, logOffset, logScale }: FeatureConfig): number {
  return (Math.log10(logFloor) + logOffset) / logScale;
}

function chunkFrames(manifest: Manifest, chunkSeconds: number): number {
  const { frameStride } = manifest.architecture;
  const { sampleRate, hopLength } = soundFeatures(manifest);
  const frames = chunkSeconds * sampleRate / hopLength;
  return Math.max(1, Math.round(frames / frameStride)) * frameStride;
}

/** Seconds of sound after a score that a model must have seen before it gives it. */
export function secondsAhead(manifest: Manifest, chunkSeconds: number): number {
  const features = soundFeatures(manifest);
  const frames = chunkFrames(manifest, chunkSeconds) + manifest.architecture.contextFrames;
  return (frames * features.hopLength + features.nFft / 2) / features.sampleRate;
}
