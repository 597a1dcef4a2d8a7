import util from "node:util";
import type { TensorFlow } from "lib/model/tensor_ops.ts";

/** Engines in the order of preference. */
export const ENGINES = ["native", "webgpu", "wasm"] as const;
export type EngineName = (typeof ENGINES)[number];

/** A TensorFlow.js API that is ready to train. */
export interface Engine {
  readonly name: EngineName;
  readonly tf: TensorFlow;
  /** Why faster engines are not used, a sentence each. */
  readonly reasons: readonly string[];
}

/** Thrown when no engine can be used; the message says why for each. */
export class NoEngineError extends Error {
  override readonly name = "NoEngineError";
}

/** Loads the fastest engine that works here, or the one asked for. */
export async function loadEngine(wanted?: EngineName): Promise<Engine> {
  const reasons: string[] = [];
  for (const name of wanted ? [wanted] : ENGINES) {
    try {
      const tf = await LOADERS[name]();
      await probe(tf);
      return { name, tf, reasons };
    } catch (error) {
      const why = error instanceof Error ? error.message.split("\n")[0]! : String(error);
      reasons.push(`${name}: ${why}`);
    }
  }
  throw new NoEngineError(
    `No training engine works here (${
      reasons.join("; ")
    }). Run \`deno task setup\` to install native TensorFlow.`,
  );
}

const LOADERS: Readonly<Record<EngineName, () => Promise<TensorFlow>>> = {
  async native() {
    // The package calls two functions that are gone from node:util.
    // Its CPU kernels are a third faster for gradients, and off by default on some processors.
    setUnlessSet("TF_ENABLE_ONEDNN_OPTS", "1");
    // Its start-up notes are for its developers.
    setUnlessSet("TF_CPP_MIN_LOG_LEVEL", "3");
    const legacy = util as {
      isNullOrUndefined?: (value: unknown) => boolean;
      isArray?: typeof Array.isArray;
    };
    legacy.isNullOrUndefined ??= (value) => value === null || value === undefined;
    legacy.isArray ??= Array.isArray;
    const tf = await import("@tensorflow/tfjs-node-gpu");
    if (tf.getBackend() !== "tensorflow") throw new Error("the native binding did not register itself");
    return tf as unknown as TensorFlow;
  },
  async webgpu() {
    const tf = await import("@tensorflow/tfjs");
    await import("@tensorflow/tfjs-backend-webgpu");
    if (!(await tf.setBackend("webgpu"))) throw new Error("no usable GPU adapter");
    return tf;
  },
  async wasm() {
    const tf = await import("@tensorflow/tfjs");
    await import("@tensorflow/tfjs-backend-wasm");
    if (!(await tf.setBackend("wasm"))) throw new Error("the WebAssembly backend did not start");
    return tf;
  },
};

function setUnlessSet(name: string, value: string): void {
  if (Deno.env.get(name) === undefined) Deno.env.set(name, value);
}

/** One small product whose result is known: some drivers answer, but with wrong numbers. */
async function probe(tf: TensorFlow): Promise<void> {
  const result = tf.tidy(() =>
    tf.matMul(tf.tensor2d([1, 2, 3, 4], [2, 2]), tf.tensor2d([5, 6, 7, 8], [2, 2]))
  );
  const values = await result.data();
  result.dispose();
  const expected = [19, 22, 43, 50];
  if (!expected.every((value, i) => Math.abs(values[i]! - value) < 1e-3)) {
    throw new Error(`a matrix product came out wrong (${[...values].join(", ")})`);
  }
}
