import { z } from "zod";
import { type BenchContext, runDeno } from "tasks/bench/bench_context.ts";
import { type SectionResult } from "tasks/bench/comparison.ts";
import { type Contestant, medians, runRounds } from "tasks/bench/contest.ts";

const PEER_SCRIPT = "time_logmel.py";
const THREADS = 1;
const SCRIPT = "tasks/bench/time_log_mel.ts";

const oursSchema = z.record(z.string(), z.number().positive());
const peerSchema = z.record(
  z.string().regex(/^[a-z]+_\d+$/),
  z.object({ cpu_s_per_hour: z.number().positive() }),
);

/** Log-mel of an hour of audio on one core, beside librosa and PyTorch. */
export async function benchFeatures({ peers, rounds, log, signal }: BenchContext): Promise<SectionResult> {
  const ours: Contestant = {
    async measure(round) {
      log.info(`features: round ${round + 1} of ${rounds}`);
      const text = await runDeno(["--allow-read", SCRIPT, `round ${round}`], { signal });
      return oursSchema.parse(JSON.parse(text));
    },
  };
  const peer: Contestant = {
    async measure() {
      return readPeerFigures(await peers.run(PEER_SCRIPT, [], THREADS));
    },
  };
  const missing = await peers.missing(PEER_SCRIPT);
  const measured = await runRounds(missing === undefined ? [ours, peer] : [ours], rounds);
  return {
    section: "features",
    unit: "CPU seconds per hour of audio, one thread",
    rounds,
    medians: medians(measured),
    comparisons: ["16 kHz", "32 kHz"].flatMap((rate) => [
      { ours: `ours ${rate}`, peer: `librosa ${rate}`, limit: 1 },
      { ours: `ours ${rate}`, peer: `torch ${rate}` },
    ]),
    missing: missing === undefined ? [] : [missing],
  };
}

/**
 * Figures from what the peer prints: `{"librosa_16000": {"cpu_s_per_hour": 2.1, ...}, ...}`.
 *
 * @throws when it is something else.
 */
export function readPeerFigures(text: string): Record<string, number> {
  return Object.fromEntries(
    Object.entries(peerSchema.parse(JSON.parse(text))).map(([name, figures]) => {
      const [library, rate] = name.split("_");
      return [`${library} ${Number(rate) / 1000} kHz`, figures.cpu_s_per_hour];
    }),
  );
}
