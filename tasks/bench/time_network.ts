/**
 * Times training steps of the default network on one engine and prints the median in milliseconds:
 *
 *     deno run --allow-read --allow-env --allow-sys --allow-ffi tasks/bench/time_network.ts wasm
 *
 * With `any` as a second argument a device that is known to be slow will do.
 */
import { createRandom } from "lib/base/numbers/random.ts";
import { median } from "lib/base/numbers/statistics.ts";
import type { Batch } from "lib/learning/dataset/batch.ts";
import { frameStride } from "lib/learning/model/architecture.ts";
import type { TensorFlow } from "lib/learning/model/tensor_ops.ts";
import { ENGINE_LOADERS, isEngineName } from "lib/learning/train/engine.ts";
import { createNetwork, initialState } from "lib/learning/train/network.ts";
import { defaultNetworkJob, type NetworkJob } from "tasks/bench/network_job.ts";

/** Median of the steps in milliseconds: forward, backward, optimiser, loss read back. */
async function timeSteps(
  tf: TensorFlow,
  { architecture, shape, warmUp, steps }: NetworkJob,
): Promise<number> {
  const random = createRandom("bench");
  const [B, T, M] = shape;
  const S = T / frameStride(architecture);
  const batch: Batch = {
    logMel: Float32Array.from({ length: B * T * M }, () => random.normal()),
    targets: Float32Array.from({ length: B * S }, () => Number(random.next() > 0.9)),
    weights: new Float32Array(B * S).fill(1),
    shape: { B, T, M, S, K: 1 },
  };
  const network = createNetwork(tf, architecture, { state: initialState(architecture, "bench") });
  const times: number[] = [];
  for (let i = 0; i < warmUp + steps; i++) {
    const start = performance.now();
    await network.step(batch, { learningRate: 1e-3, random });
    if (i >= warmUp) times.push(performance.now() - start);
  }
  return median(times);
}

const [name, device] = Deno.args;
if (!isEngineName(name)) throw new RangeError(`"${name}" is no engine`);
const tf = await ENGINE_LOADERS[name].load({ anyDevice: device === "any" });
const milliseconds = await timeSteps(tf, defaultNetworkJob(0));
await Deno.stdout.write(new TextEncoder().encode(`${milliseconds}\n`));
