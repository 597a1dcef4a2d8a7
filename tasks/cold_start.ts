import { basename } from "node:path";
import { readBackground, type SplitBackground } from "lib/learning/dataset/background.ts";
import { DEFAULT_BACKGROUND, planBackground } from "lib/learning/dataset/background_plan.ts";
import type { Clip } from "lib/learning/dataset/clip.ts";
import { clipDuration } from "lib/learning/dataset/clip_file.ts";
import { openBurpJudge } from "lib/learning/judge/burp_judge.ts";
import { drawBurpClips, withoutBurps } from "lib/learning/judge/judged_clips.ts";
import { ENGINES } from "lib/learning/train/engine.ts";
import { ownBases, startingPoint } from "lib/learning/train/starting_point.ts";
import { DEFAULT_TRAIN_CONFIG, type TrainConfig } from "lib/learning/train/train_config.ts";
import { requireNegatives } from "lib/learning/train/training_data.ts";
import { listenerFolder } from "lib/work/search/choose_models.ts";
import { type CommandContext, defineCommand, runAsMain } from "tasks/command.ts";
import { loadClips } from "tasks/train/load_clips.ts";
import { outputFolder } from "tasks/train/output_folder.ts";
import { runTraining } from "tasks/train/run_training.ts";
import { tellVerdict } from "tasks/train/verdict.ts";

/** Names of real clips say their speaker before `_nohash_`, or their source before the last dot. */
const SPEAKER_OR_SOURCE = /_([0-9a-f]{8})_nohash|^(.*)\.\d+$/;

/** Two hours at most choose the threshold. */
const MAX_QUIET_SECONDS = 7200;

/**
 * Burps alone in a silent room and burps in the noise of a game: a network that heard the second alone takes every sound of
 * the first for one, or none.
 */
const MIXTURE = {
  ...DEFAULT_TRAIN_CONFIG.mixture,
  backgroundDb: [-75, -22],
  snrDb: [-2, 40],
  gainDb: [-18, 6],
} as const satisfies TrainConfig["mixture"];

export const coldStart = defineCommand({
  name: "cold-start",
  summary: "trains the cold-start model of burps anew, on synthetic burps and real other sounds",
  examples: [
    [
      "deno task cold-start --negatives sounds --background hour.m4a --output models/burp-2",
      "rebuild it against sounds and an hour of yours",
    ],
  ],
  options: {
    negatives: { type: "list", value: "DIR", path: true, help: "real clips without burps" },
    background: {
      type: "list",
      value: "PATH",
      path: true,
      help: "recordings without burps that choose the threshold",
      defaultText: "the clips that are held back",
    },
    output: {
      type: "string",
      short: "o",
      value: "DIR",
      path: true,
      help: "new folder for the model",
      defaultText: "models/burp, with a number where that is taken",
    },
    positives: { type: "integer", min: 10, default: 1200, help: "synthetic burps" },
    epochs: {
      type: "integer",
      min: 1,
      help: "how long to train",
      defaultText: "as train does from models/base",
    },
    seed: {
      type: "string",
      default: String(DEFAULT_TRAIN_CONFIG.seed),
      help: "the same seed gives the same burps",
    },
    notes: {
      type: "string",
      value: "FILE",
      path: true,
      help: "attribution of the real clips, for the model card",
    },
    engine: {
      type: "string",
      choices: ENGINES,
      help: "what computes",
      defaultText: "the fastest that works here",
    },
  },
  run: async ({ options, log, progress, print, printJson, signal }) => {
    const context = { log, progress, print, printJson, signal };
    const { seed, positives: count } = options;
    const output = await outputFolder(options.output, "burp");
    // Not from the listener: the model is for machines that have none.
    const { bases, defaults } = await startingPoint(await ownBases());
    const config: TrainConfig = {
      ...defaults,
      mixture: { ...MIXTURE, windowSeconds: defaults.mixture.windowSeconds },
      epochs: options.epochs ?? defaults.epochs,
      // Networks that learnt from the same synthesiser share its errors: three find little more than one.
      networks: 1,
      seed,
    };
    const { sampleRate } = config.features;
    const reading = { log, signal, sampleRate, pattern: SPEAKER_OR_SOURCE };
    const real = await loadClips(options.negatives, reading);
    requireNegatives(real);
    const folder = await listenerFolder();
    log.info(folder ? `judge of what is a burp: ${folder}` : "no judge: every synthetic burp counts as one");
    const { positives, negatives } = await judgeClips(real, { folder, count, seed, sampleRate, signal });
    for (const { name } of real.filter((clip) => !negatives.includes(clip))) {
      log.info(`${name}: left out, since ${folder} hears a burp in it`);
    }
    const attribution = options.notes === undefined ? "" : await Deno.readTextFile(options.notes);
    const model = await runTraining({
      context,
      engine: options.engine,
      job: {
        name: "burp",
        dir: output,
        events: [{ event: "burp", positives }],
        negatives,
        config,
        ...(bases && { bases }),
        notes: `${about(count, folder)}\n\n${attribution}`,
      },
    });
    if (signal.aborted) return;
    const background = await readQuiet(options.background, { seed, sampleRate, context });
    await tellVerdict({ dir: output, model, background, config, against: undefined }, context);
  },
});

/** Burps that the judge hears, and the real clips in which it hears none. */
async function judgeClips(real: readonly Clip[], { folder, count, seed, sampleRate, signal }: {
  /** The judge; without one all is taken as it is. */
  readonly folder: string | undefined;
  readonly count: number;
  readonly seed: string;
  readonly sampleRate: number;
  readonly signal: AbortSignal;
}): Promise<{ positives: readonly Clip[]; negatives: readonly Clip[] }> {
  const judge = folder === undefined ? undefined : await openBurpJudge(folder, { seed, signal });
  try {
    const negatives = await withoutBurps(real, judge);
    return { negatives, positives: await drawBurpClips(count, { judge, seed, sampleRate }) };
  } finally {
    await judge?.close();
  }
}

/** All of the recordings, to measure on. */
async function readQuiet(
  paths: readonly string[],
  { seed, sampleRate, context: { log, signal } }: {
    readonly seed: string;
    readonly sampleRate: number;
    readonly context: Pick<CommandContext<Record<never, never>>, "log" | "signal">;
  },
): Promise<SplitBackground | undefined> {
  if (paths.length === 0) return undefined;
  const sources = await Promise.all(paths.map(async (path) => (
    { recording: basename(path), path, duration: await clipDuration(path), taken: [] }
  )));
  const limits = { ...DEFAULT_BACKGROUND, heldShare: 1, maxHeldSeconds: MAX_QUIET_SECONDS, seed };
  return await readBackground(planBackground(sources, limits), {
    sampleRate,
    signal,
    onWarning: (text) => log.warn(text),
  });
}

const about = (burps: number, judge: string | undefined): string =>
  `**No real burp was heard in training.** The ${burps} burps are synthetic: pulses with jitter through moving ` +
  "formants, in synthetic rooms and microphones, " +
  (judge
    ? "drawn where Google's YAMNet takes the sounds for burps, and only those that it scores above its threshold. "
    : "drawn where Google's YAMNet takes such sounds for burps; it was not there to judge each of them. ") +
  "The other sounds are real. This is a cold start: good enough to find candidates in recordings and in front of " +
  "chat commands, to be replaced by a model that is trained on burps of your own channel (`deno task harvest`, " +
  "`deno task train`).";

if (import.meta.main) await runAsMain(coldStart);
