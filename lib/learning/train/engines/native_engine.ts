import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import util from "node:util";
import { leadsSomewhere } from "lib/base/system/exists.ts";
import { findProgram } from "lib/base/system/programs.ts";
import type { TensorFlow } from "lib/learning/model/tensor_ops.ts";
import type { EngineLoader } from "lib/learning/train/engines/engine_loader.ts";
import { withMutedStderr } from "lib/learning/train/engines/muted_stderr.ts";

const PACKAGE = "@tensorflow/tfjs-node-gpu";
const LOG_LEVEL = "TF_CPP_MIN_LOG_LEVEL";

/** TensorFlow itself, on the processor or on an NVIDIA card. */
export const nativeEngine: EngineLoader = {
  // Without a card there is no driver that could hang, and loading twice takes seconds.
  async isRisky() {
    return await findProgram("nvidia-smi") !== undefined;
  },
  async load() {
    const require = createRequire(import.meta.url);
    const folder = dirname(require.resolve(`${PACKAGE}/package.json`));
    if (!(await leadsSomewhere(join(folder, "lib", "napi-v8", "tfjs_binding.node")))) {
      throw new Error("native TensorFlow is not installed, `deno task setup` does that");
    }
    // Its processor kernels are a third faster for gradients, and off by default on some processors. Once TensorFlow is
    // loaded it no longer looks.
    setUnlessSet("TF_ENABLE_ONEDNN_OPTS", "1");
    const mute = setUnlessSet(LOG_LEVEL, "3");
    restoreRemovedFunctions();
    // Loaded at one go, so that nothing else can be muted with it. Whoever set the level wants to read.
    const load = (): TensorFlow => require(PACKAGE) as TensorFlow;
    const tf = mute ? withMutedStderr(load) : load();
    // Else the plain engine, which the probe compares with, advertises this one.
    tf.enableProdMode();
    if (!(await tf.setBackend("tensorflow"))) throw new Error("the native binding did not start");
    return tf;
  },
};

/** The package calls two functions that are gone from node:util. */
function restoreRemovedFunctions(): void {
  const legacy = util as {
    isNullOrUndefined?: (value: unknown) => boolean;
    isArray?: typeof Array.isArray;
  };
  legacy.isNullOrUndefined ??= (value) => value === null || value === undefined;
  legacy.isArray ??= Array.isArray;
}

function setUnlessSet(name: string, value: string): boolean {
  // Set by this function before counts as not set.
  const old = Deno.env.get(name);
  if (old === undefined) Deno.env.set(name, value);
  return old === undefined || old === value;
}
