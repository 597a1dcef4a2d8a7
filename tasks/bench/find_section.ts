import { findProgram, requireProgram } from "lib/base/system/programs.ts";
import { runProgram } from "lib/base/system/run_program.ts";
import { readManifest } from "lib/learning/model_package/open_package.ts";
import { listenerFolder } from "lib/work/search/choose_models.ts";
import { type BenchContext, runDeno } from "tasks/bench/bench_context.ts";
import { type SectionResult } from "tasks/bench/comparison.ts";
import { type Contestant, medians, runRounds } from "tasks/bench/contest.ts";
import { FIND_FLAGS } from "tasks/bench/find_process.ts";
import { encodeAac, writeHourWav } from "tasks/bench/hour_recording.ts";

const PEER_SCRIPT = "time_find.py";
const THREADS = 2;

/** Figures of `find` with the model that was named, and of what it does where none is named and the listener is there. */
const [NAMED, DEFAULT] = ["ours", "listener"] as const;

/**
 * The `find` command on hours of WAV and AAC, with a model and as it is by default, beside PyTorch detectors and beside
 * ffmpeg decoding alone.
 */
export async function benchFind(context: BenchContext, model: string): Promise<SectionResult> {
  const { peers, rounds, log, signal } = context;
  const peerMissing = await peers.missing(PEER_SCRIPT);
  const ffmpeg = await findProgram("ffmpeg");
  const modelMissing = await readManifest(model).then(() => undefined, (error: Error) => error.message);
  const hasListener = await listenerFolder() !== undefined;
  const folder = await Deno.makeTempDir({ prefix: "bench-" });
  const files = new Map<number, { wav: string; aac?: string }>();

  /** The recordings of a round; those of the round before are deleted. */
  async function recordingsOf(round: number): Promise<{ wav: string; aac?: string }> {
    const known = files.get(round);
    if (known) return known;
    for (const { wav, aac } of files.values()) {
      for (const path of [wav, aac]) if (path) await Deno.remove(path);
    }
    files.clear();
    log.info(`find: round ${round + 1} of ${rounds}`);
    const wav = await writeHourWav(folder, `hour ${round}`);
    const made = ffmpeg ? { wav, aac: await encodeAac(wav, signal) } : { wav };
    files.set(round, made);
    return made;
  }
  const timeFind = async (flags: readonly string[], path: string) => {
    const start = performance.now();
    await runDeno([...FIND_FLAGS, "tasks/find.ts", ...flags, "--output", "-", "--quiet", path], { signal });
    return (performance.now() - start) / 1000;
  };
  const findersOf = (name: string, flags: readonly string[]): Contestant[] => [
    {
      measure: async (round) => ({ [`${name} WAV`]: await timeFind(flags, (await recordingsOf(round)).wav) }),
    },
    ...ffmpeg
      ? [{
        measure: async (round: number) => ({
          [`${name} AAC`]: await timeFind(flags, (await recordingsOf(round)).aac!),
        }),
      }]
      : [],
  ];
  const decode: Contestant = {
    measure: async (round) => ({
      "ffmpeg AAC": await timeDecoding((await recordingsOf(round)).aac!, signal),
    }),
  };
  const peerOf = (peer: string, name: string): Contestant => ({
    async measure(round) {
      const { wav } = await recordingsOf(round);
      const args = [wav, "--peer", peer, "--threads", String(THREADS), "--runs", "1"];
      return { [name]: readPeerSeconds(await peers.run(PEER_SCRIPT, args, THREADS)) };
    },
  });
  const contestants: Contestant[] = [];
  if (modelMissing === undefined) contestants.push(...findersOf(NAMED, ["--model", model]));
  if (hasListener) contestants.push(...findersOf(DEFAULT, []));
  if (ffmpeg) contestants.push(decode);
  if (peerMissing === undefined) contestants.push(peerOf("win", "windows WAV"), peerOf("crnn", "CRNN WAV"));
  try {
    const measured = await runRounds(contestants, rounds);
    return {
      section: "find",
      unit: `wall seconds per hour of audio, ${THREADS} threads (ours with start-up, peers without)`,
      rounds,
      medians: medians(measured),
      comparisons: [NAMED, DEFAULT].flatMap((name) => [
        { ours: `${name} AAC`, peer: "ffmpeg AAC", limit: 1.5 },
        { ours: `${name} WAV`, peer: "windows WAV", limit: 0.25 },
        { ours: `${name} WAV`, peer: "CRNN WAV", limit: 1 },
      ]),
      bounds: { [`${DEFAULT} WAV`]: 8 },
      missing: [
        ...(modelMissing === undefined ? [] : [`ours: ${modelMissing}`]),
        ...(hasListener ? [] : ["the listener: `deno task setup --only listener` gets it"]),
        ...(ffmpeg ? [] : ["AAC: ffmpeg was not found"]),
        ...(peerMissing === undefined ? [] : [peerMissing]),
      ],
    };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Seconds that ffmpeg takes to decode a file to mono samples at 16 kHz, read as they come and dropped. */
async function timeDecoding(path: string, signal: AbortSignal): Promise<number> {
  const ffmpeg = await requireProgram("ffmpeg");
  const start = performance.now();
  const args = ["-v", "error", "-nostdin", "-i", path, "-vn", "-ac", "1", "-ar", "16000", "-f", "f32le", "-"];
  const running = runProgram(ffmpeg.path, args, { signal });
  for await (const _ of running.stdout);
  const { success } = await running.status;
  if (!success) throw new Error(`ffmpeg cannot decode ${path}: ${running.stderrTail()}`);
  return (performance.now() - start) / 1000;
}

/**
 * Seconds from what the peer prints, such as `crnn 2 threads: 10.52 10.71 s`: the first.
 *
 * @throws {SyntaxError} when it is something else.
 */
export function readPeerSeconds(text: string): number {
  const seconds = Number(/threads: ([\d.]+)/.exec(text)?.[1]);
  if (!(seconds > 0)) throw new SyntaxError(`Cannot read the peer's time from "${text.trim()}"`);
  return seconds;
}
