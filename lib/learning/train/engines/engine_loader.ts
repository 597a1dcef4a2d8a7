import type { TensorFlow } from "lib/learning/model/tensor_ops.ts";

/** How to get at an engine. */
export interface EngineLoader {
  /** Whether a graphics driver takes part, which may hang or end the process: such an engine is tried apart first. */
  isRisky(): Promise<boolean>;
  /**
   * Makes the engine the one that TensorFlow.js computes with.
   *
   * @param options.anyDevice Whether a device that is known to be slow will do.
   * @throws {Error} With a message that says what is missing.
   */
  load(options: { readonly anyDevice: boolean }): Promise<TensorFlow>;
}
