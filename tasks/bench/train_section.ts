import { z } from "zod";
import { type BenchContext, runDeno } from "tasks/bench/bench_context.ts";
import { type SectionResult } from "tasks/bench/comparison.ts";
import { type Contestant, medians, runRounds } from "tasks/bench/contest.ts";
import { threadEnvironment } from "tasks/bench/peers.ts";
import { ProgramError } from "lib/system/run_program.ts";

const PEER_SCRIPT = "time_train_step.py";
const SCRIPT = "tasks/bench/time_train_step.ts";
const THREADS = 2;
// Native code and engines that look for their libraries themselves.
const PERMISSIONS = ["--allow-read", "--allow-env", "--allow-sys", "--allow-ffi"];

const oursSchema = z.object({ milliseconds: z.number().positive() });

/** One step of training a small network with native TensorFlow, beside the same network in PyTorch. */
export async function benchTrain({ peers, rounds, log, signal }: BenchContext): Promise<SectionResult> {
  const env = {
    ...threadEnvironment(THREADS),
    TF_NUM_INTRAOP_THREADS: String(THREADS),
    TF_NUM_INTEROP_THREADS: "1",
  };
  const timeOurs = async () =>
    oursSchema.parse(JSON.parse(await runDeno([...PERMISSIONS, SCRIPT, "native"], { signal, env })))
      .milliseconds;
  const ours: Contestant = {
    async measure(round) {
      log.info(`train: round ${round + 1} of ${rounds}`);
      return { "ours native": await timeOurs() };
    },
  };
  const peer: Contestant = {
    async measure() {
      const text = await peers.run(PEER_SCRIPT, ["--threads", String(THREADS)], THREADS);
      return { PyTorch: z.number().positive().parse(Number(text)) };
    },
  };
  const missing: string[] = [];
  const contestants: Contestant[] = [];
  try {
    await timeOurs();
    contestants.push(ours);
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    missing.push(
      `ours: native TensorFlow does not run here; \`deno task setup\` installs it (${error.message})`,
    );
  }
  const peerMissing = await peers.missing(PEER_SCRIPT);
  if (peerMissing === undefined) contestants.push(peer);
  else missing.push(peerMissing);
  return {
    section: "train",
    unit: `milliseconds per step of a small network, ${THREADS} threads`,
    rounds,
    medians: medians(await runRounds(contestants, rounds)),
    comparisons: [{ ours: "ours native", peer: "PyTorch", limit: 1.2 }],
    missing,
  };
}
