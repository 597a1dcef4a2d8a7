import { loadEngine } from "lib/learning/train/engine.ts";

// Run in a process of its own: a library that does not fit can end the process that loads it.
const { tf } = await loadEngine("native");
// A field of the native backend alone, which its types leave out.
const { isUsingGpuDevice } = tf.backend() as { readonly isUsingGpuDevice?: boolean };
Deno.stdout.writeSync(new TextEncoder().encode(isUsingGpuDevice ? "GPU\n" : "CPU\n"));
