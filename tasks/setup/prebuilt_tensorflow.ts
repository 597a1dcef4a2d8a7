import { join } from "node:path";
import { runToEnd } from "lib/base/system/run_program.ts";
import type { SetupContext } from "tasks/setup/piece.ts";

const HOST = "https://storage.googleapis.com";
const CONNECT_TIMEOUT_MS = 15_000;
const DOWNLOAD_TIMEOUT_MS = 900_000;

// The library that the binding of version 4.22 was built with, by machine.
const LIBRARIES: Readonly<Record<string, string>> = {
  "linux-x86_64": "tensorflow/libtensorflow/libtensorflow-cpu-linux-x86_64-2.9.1.tar.gz",
  "linux-aarch64": "tf-builds/libtensorflow_r2_7_linux_arm64.tar.gz",
  "darwin-x86_64": "tensorflow/libtensorflow/libtensorflow-cpu-darwin-x86_64-2.9.1.tar.gz",
  "darwin-aarch64": "tf-builds/libtensorflow_r2_7_darwin_arm64_cpu.tar.gz",
};

/**
 * Puts the binding and the library that the makers of TensorFlow.js offer for download into the package's folder,
 * where its own install script would put them (Deno does not run that, and it would need Node).
 */
export async function installPrebuilt(folder: string, context: SetupContext): Promise<void> {
  const library = LIBRARIES[`${Deno.build.os}-${Deno.build.arch}`];
  if (!library) throw new Error(`there is none for ${Deno.build.os} ${Deno.build.arch}`);
  const binding = `tf-builds/pre-built-binary/napi-v8/4.22.0/CPU-${Deno.build.os}-4.22.0.tar.gz`;
  // The small one first: where the host cannot be reached, or has no binding, nothing large is fetched.
  await downloadAndUnpack(`${HOST}/${binding}`, join(folder, "lib"), context);
  context.log.info("native TensorFlow: downloading the package's own library");
  await downloadAndUnpack(`${HOST}/${library}`, join(folder, "deps"), context);
}

async function downloadAndUnpack(url: string, folder: string, context: SetupContext): Promise<void> {
  const connecting = new AbortController();
  const timer = setTimeout(() => connecting.abort(new Error(`${url} does not answer`)), CONNECT_TIMEOUT_MS);
  let response: Response;
  try {
    response = await fetch(url, {
      signal: AbortSignal.any([context.signal, connecting.signal, AbortSignal.timeout(DOWNLOAD_TIMEOUT_MS)]),
    });
  } finally {
    clearTimeout(timer);
  }
  if (!response.ok || !response.body) {
    await response.body?.cancel();
    throw new Error(`${url} answered ${response.status}`);
  }
  await Deno.mkdir(folder, { recursive: true });
  await runToEnd("tar", ["-xzf", "-", "-C", folder], { stdin: response.body, signal: context.signal });
}
