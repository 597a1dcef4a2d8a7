import type { NetworkScores } from "lib/learning/detect/network.ts";
import type { ModelPackage } from "lib/learning/model_package/open_package.ts";

/** First message to a worker: the network that it is to run. */
export interface LoadMessage {
  readonly model: ModelPackage;
  readonly threads: number;
}

/** Any further message to a worker. */
export interface RunMessage {
  readonly id: number;
  readonly logMel: Float32Array<ArrayBuffer>;
  readonly batch: number;
  readonly columns?: readonly number[] | undefined;
}

/** What went wrong in a worker. */
export interface RunError {
  readonly problem: string;
  /** Whether it was a `ModelPackageError`. */
  readonly isModelError: boolean;
}

/** What a worker answers; `id` is that of the run, or 0 for loading. */
export type NetworkAnswer =
  | { readonly id: number; readonly scores?: NetworkScores | undefined }
  | { readonly id: number; readonly error: RunError };
