import { dirname, join } from "node:path";
import { createRequire } from "node:module";
import { findProgram, type ProgramName } from "lib/base/system/programs.ts";
import { tryApart } from "lib/learning/train/engines/try_apart.ts";
import { JUPYTER_FOLDER, jupyterVersion } from "tasks/setup/jupyter_piece.ts";
import { writeKernelspec } from "tasks/setup/kernelspec.ts";

/**
 * Whether a test can use a program. A test with `ignore: !(await hasProgram("ffmpeg"))` is skipped by name where it
 * cannot, and CI fails on it.
 */
export async function hasProgram(name: ProgramName): Promise<boolean> {
  return await findProgram(name) !== undefined;
}

/** Whether the native TensorFlow binding has been installed, as `deno task setup` does. */
export async function hasNativeTensorFlow(): Promise<boolean> {
  const main = createRequire(import.meta.url).resolve("@tensorflow/tfjs-node-gpu/package.json");
  try {
    return (await Deno.stat(join(dirname(main), "lib/napi-v8/tfjs_binding.node"))).isFile;
  } catch {
    return false;
  }
}

/** The engine that tests train with: native where it is installed, otherwise the slower one that needs nothing. */
export async function enginePresent(): Promise<"native" | "wasm"> {
  return await hasNativeTensorFlow() ? "native" : "wasm";
}

/** Whether a graphics driver answers, be it software: it costs a start of Deno to see. */
export async function hasWebGpu(): Promise<boolean> {
  return await tryApart("webgpu", { anyDevice: true, timeoutMs: 60_000 }).then(() => true, () => false);
}

/** Whether notebooks can be run: Jupyter has been installed, as `deno task setup` does. Writes their kernel. */
export async function hasJupyter(): Promise<boolean> {
  if (await jupyterVersion() === undefined) return false;
  await writeKernelspec(JUPYTER_FOLDER);
  return true;
}
