import { join } from "node:path";
import { readManifest } from "lib/learning/model_package/open_package.ts";
import { type BenchContext, runDeno } from "tasks/bench/bench_context.ts";
import { type SectionResult } from "tasks/bench/comparison.ts";
import { type Contestant, medians, runRounds } from "tasks/bench/contest.ts";
import { FIND_FLAGS, measureFindMemory, writeSilence } from "tasks/bench/find_process.ts";

const SAMPLE_RATE = 16_000;
const MEGABYTE = 2 ** 20;

/** What `find` needs besides time: its start, on a second of sound, and memory on one hour and on ten. */
export async function benchResources(
  { rounds, log, signal }: BenchContext,
  model: string,
): Promise<SectionResult> {
  const modelMissing = await readManifest(model).then(() => undefined, (error: Error) => error.message);
  const folder = await Deno.makeTempDir({ prefix: "bench-" });
  try {
    const find = ["--model", model, "--output", "-"];
    const silenceOf = async (name: string, seconds: number): Promise<string> => {
      const path = join(folder, `${name}.wav`);
      await writeSilence(path, { seconds, sampleRate: SAMPLE_RATE });
      return path;
    };
    const start: Contestant = {
      async measure(round) {
        log.info(`resources: start ${round + 1} of ${rounds}`);
        const path = await silenceOf(`start-${round}`, 1);
        const before = performance.now();
        await runDeno([...FIND_FLAGS, "tasks/find.ts", ...find, "--quiet", path], { signal });
        return { [START]: (performance.now() - before) / 1000 };
      },
    };
    const measured = modelMissing === undefined ? medians(await runRounds([start], rounds)) : {};
    const memory: Record<string, number> = {};
    for (const [name, hours] of modelMissing === undefined ? [[ONE_HOUR, 1], [TEN_HOURS, 10]] as const : []) {
      log.info(`resources: ${name}`);
      const path = await silenceOf(`hours-${hours}`, 3600 * hours);
      memory[name] = await measureFindMemory([...find, path], { signal }) / MEGABYTE;
    }
    return {
      section: "resources",
      unit: `find: start in seconds, most memory in MB (measured once)`,
      rounds,
      medians: { ...measured, ...memory },
      comparisons: [{ ours: TEN_HOURS, peer: ONE_HOUR, limit: 1.25 }],
      bounds: { [START]: 1, [TEN_HOURS]: 400 },
      missing: modelMissing === undefined ? [] : [`ours: ${modelMissing}`],
    };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const START = "start";
const ONE_HOUR = "memory for one hour";
const TEN_HOURS = "memory for ten hours";
