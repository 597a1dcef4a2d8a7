import type { EngineLoader } from "lib/learning/train/engines/engine_loader.ts";
import { withMutedStderr } from "lib/learning/train/engines/muted_stderr.ts";

/** The graphics card through WebGPU, which Deno has built in. */
export const webgpuEngine: EngineLoader = {
  async isRisky() {
    return await Promise.resolve(true);
  },
  async load({ anyDevice }) {
    const { gpu } = navigator;
    if (!gpu) throw new Error("this Deno has no WebGPU");
    // Display libraries complain on standard error where there is no display, at once when they are called.
    const adapter = await withMutedStderr(() => gpu.requestAdapter());
    if (!adapter) throw new Error("no graphics driver was found (Vulkan, Metal or Direct3D 12)");
    if (!anyDevice && adapter.info.isFallbackAdapter) {
      throw new Error(
        `the only graphics driver is software (${adapter.info.description}), which is slower than WebAssembly`,
      );
    }
    const tf = await import("@tensorflow/tfjs");
    tf.enableProdMode();
    await import("@tensorflow/tfjs-backend-webgpu");
    if (!(await withMutedStderr(() => tf.setBackend("webgpu")))) {
      throw new Error("the graphics driver gave no device");
    }
    return tf;
  },
};
