import { z } from "zod";
import { secondsToSamples } from "lib/base/events/time_grid.ts";
import { type Architecture, frameStride } from "lib/learning/model/architecture.ts";
import { DEFAULT_TRAIN_CONFIG } from "lib/learning/train/train_config.ts";
import { architectureOf } from "lib/learning/train/train_model.ts";

/** What both sides of the comparison of training steps do. */
export interface NetworkJob {
  readonly architecture: Architecture;
  /** Of the spectrograms of a batch: [B, T, M]. */
  readonly shape: readonly [number, number, number];
  /** Steps that are not measured. */
  readonly warmUp: number;
  readonly steps: number;
  readonly threads: number;
}

/** What a script that times steps prints. */
export const millisecondsSchema = z.number().positive();

/** Steps of the network and the batches that `train` takes by default. */
export function defaultNetworkJob(threads: number): NetworkJob {
  const { features, mixture, batchSize } = DEFAULT_TRAIN_CONFIG;
  const architecture = architectureOf(DEFAULT_TRAIN_CONFIG, 1);
  const stride = frameStride(architecture);
  const samples = secondsToSamples(mixture.windowSeconds, features.sampleRate);
  const frames = Math.floor(samples / (features.hopLength * stride)) * stride;
  return { architecture, shape: [batchSize, frames, features.nMels], warmUp: 3, steps: 12, threads };
}
