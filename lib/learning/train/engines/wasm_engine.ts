import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { EngineLoader } from "lib/learning/train/engines/engine_loader.ts";
import { registerWasmGradients } from "lib/learning/train/engines/wasm_gradients.ts";

const PACKAGE = "@tensorflow/tfjs-backend-wasm";

/** The processor through WebAssembly, with vector instructions, on one thread (its threads need a browser). */
export const wasmEngine: EngineLoader = {
  async isRisky() {
    return await Promise.resolve(false);
  },
  async load() {
    const tf = await import("@tensorflow/tfjs");
    tf.enableProdMode();
    const { setWasmPaths } = await import("@tensorflow/tfjs-backend-wasm");
    // The binaries are in the package; nothing is downloaded.
    const folder = dirname(createRequire(import.meta.url).resolve(`${PACKAGE}/package.json`));
    setWasmPaths(join(folder, "dist") + "/");
    if (!(await tf.setBackend("wasm"))) throw new Error("the WebAssembly module did not start");
    registerWasmGradients(tf);
    return tf;
  },
};
