import { fileURLToPath } from "node:url";
import { z } from "zod";
import { type BenchContext, runDeno } from "tasks/bench/bench_context.ts";
import { type SectionResult } from "tasks/bench/comparison.ts";
import { type Contestant, medians, runRounds } from "tasks/bench/contest.ts";
import { defaultNetworkJob, millisecondsSchema } from "tasks/bench/network_job.ts";
import { threadEnvironment } from "tasks/bench/peers.ts";
import { type EngineName, ENGINES } from "lib/learning/train/engine.ts";
import { tryApart } from "lib/learning/train/engines/try_apart.ts";

const SMALL_PEER = "time_train_step.py";
const SMALL = "tasks/bench/time_train_step.ts";
const DEFAULT_PEER = fileURLToPath(new URL("./time_torch_network.py", import.meta.url));
const DEFAULT = "tasks/bench/time_network.ts";
const THREADS = 2;
const TIMEOUT_MS = 120_000;
// Native code and engines that look for their libraries themselves.
const PERMISSIONS = ["--allow-read", "--allow-env", "--allow-sys", "--allow-ffi"];

const smallSchema = z.object({ milliseconds: millisecondsSchema });

/**
 * One step of training on each engine: of the network that `train` takes by default, beside the same layers in PyTorch,
 * and of the small network that the peers' script times.
 */
export async function benchTrain({ peers, rounds, log, signal }: BenchContext): Promise<SectionResult> {
  const env = {
    ...threadEnvironment(THREADS),
    TF_NUM_INTRAOP_THREADS: String(THREADS),
    TF_NUM_INTEROP_THREADS: "1",
  };
  const run = async (script: string, engine: EngineName): Promise<unknown> =>
    JSON.parse(await runDeno([...PERMISSIONS, script, engine], { signal, env }));
  const missing: string[] = [];
  const contestants: Contestant[] = [];
  for (const engine of ENGINES) {
    const why = await tryApart(engine, { anyDevice: false, timeoutMs: TIMEOUT_MS })
      .then(() => undefined, (error: Error) => error.message);
    if (why !== undefined) {
      missing.push(`ours ${engine}: ${why}`);
      continue;
    }
    contestants.push({
      async measure(round) {
        log.info(`train: ${engine}, round ${round + 1} of ${rounds}`);
        const ours = millisecondsSchema.parse(await run(DEFAULT, engine));
        if (engine !== "native") return { [`default network, ours ${engine}`]: ours };
        const small = smallSchema.parse(await run(SMALL, engine)).milliseconds;
        return { "default network, ours native": ours, "small network, ours native": small };
      },
    });
  }
  const addPeer = async (name: string, script: string, args: readonly string[]) => {
    const why = await peers.missing(script);
    if (why !== undefined) return missing.push(why);
    contestants.push({
      async measure() {
        return { [name]: millisecondsSchema.parse(Number(await peers.run(script, args, THREADS))) };
      },
    });
  };
  await addPeer("default network, PyTorch", DEFAULT_PEER, [JSON.stringify(defaultNetworkJob(THREADS))]);
  await addPeer("small network, PyTorch", SMALL_PEER, ["--threads", String(THREADS)]);
  return {
    section: "train",
    unit: `milliseconds per step, ${THREADS} threads (WebAssembly has one)`,
    rounds,
    medians: medians(await runRounds(contestants, rounds)),
    comparisons: ["default", "small"].map((network) => ({
      ours: `${network} network, ours native`,
      peer: `${network} network, PyTorch`,
      limit: 1.2,
    })),
    missing,
  };
}
