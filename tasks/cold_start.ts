import { join } from "node:path";
import { loadClips } from "tasks/train/load_clips.ts";
import { outputFolder } from "tasks/train/output_folder.ts";
import { runTraining } from "tasks/train/run_training.ts";
import { ownBases, startingPoint } from "lib/learning/train/starting_point.ts";
import { defineCommand, runAsMain } from "tasks/command.ts";
import type { Clip } from "lib/learning/dataset/clip.ts";
import { synthesizeStream } from "lib/learning/synthesis/stream.ts";
import { writeTrainingClips } from "lib/learning/synthesis/training_clips.ts";
import { ENGINES } from "lib/learning/train/engine.ts";
import { DEFAULT_TRAIN_CONFIG, type TrainConfig } from "lib/learning/train/train_config.ts";
import { gatherBlocks } from "lib/media/audio/gather_blocks.ts";

/** Names of real clips say their speaker before `_nohash_`, or their source before the last dot. */
const SPEAKER_OR_SOURCE = /_([0-9a-f]{8})_nohash|^(.*)\.\d+$/;

export const coldStart = defineCommand({
  name: "cold-start",
  summary: "trains the cold-start model of burps anew, on synthetic ones",
  examples: [
    [
      "deno task cold-start --negatives sounds/esc-10 --output models/burp-2",
      "rebuild it against real sounds of yours",
    ],
  ],
  options: {
    negatives: {
      type: "list",
      value: "DIR",
      path: true,
      help: "real clips without burps, beside the synthetic ones",
    },
    output: {
      type: "string",
      short: "o",
      value: "DIR",
      path: true,
      help: "new folder for the model",
      defaultText: "models/burp, with a number where that is taken",
    },
    positives: { type: "integer", min: 10, default: 2000, help: "synthetic burps" },
    syntheticNegatives: {
      type: "integer",
      min: 10,
      default: 1500,
      help: "synthetic sounds that are not burps",
    },
    beds: {
      type: "integer",
      min: 0,
      default: 12,
      help: "synthetic streams without a burp, two minutes of each",
    },
    epochs: { type: "integer", min: 1, default: 36, help: "how long to train" },
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
    const output = await outputFolder(options.output, "burp");
    // Not from the listener: the model is for machines that have none.
    const { bases } = await startingPoint(await ownBases());
    const config: TrainConfig = { ...DEFAULT_TRAIN_CONFIG, epochs: options.epochs, seed: options.seed };
    const folder = await Deno.makeTempDir({ prefix: "burp-finder-" });
    try {
      const clips = join(folder, "clips");
      const { positives, syntheticNegatives, seed } = options;
      await writeTrainingClips(clips, { seed, positives, negatives: syntheticNegatives, signal });
      const reading = { log, signal, sampleRate: config.features.sampleRate, pattern: SPEAKER_OR_SOURCE };
      const burps = await loadClips([join(clips, "burp-audio")], reading, "burp");
      const others = [
        ...await loadClips([join(clips, "not-burp-audio"), ...options.negatives], reading),
        ...await bedClips(options.beds, { seed, sampleRate: config.features.sampleRate }),
      ];
      const attribution = options.notes === undefined ? "" : await Deno.readTextFile(options.notes);
      await runTraining({
        context: { log, progress, print, printJson, signal },
        engine: options.engine,
        job: {
          name: "burp",
          dir: output,
          events: [{ event: "burp", positives: burps }],
          negatives: others,
          config,
          bases,
          notes: `${ABOUT(positives, syntheticNegatives)}\n\n${attribution}`,
        },
      });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

/** Music, games, speech and keyboards as they sound together in a stream, in clips of five seconds. */
async function bedClips(
  count: number,
  { seed, sampleRate }: { readonly seed: string; readonly sampleRate: number },
): Promise<Clip[]> {
  const clips: Clip[] = [];
  for (let i = 0; i < count; i++) {
    const name = `bed-${seed}-${i}`;
    const stream = synthesizeStream({
      durationSeconds: 120,
      seed: `${seed}/bed/${i}`,
      sampleRate,
      events: [],
    });
    const samples = await gatherBlocks(stream.blocks);
    for (let start = 0; start < samples.length; start += 5 * sampleRate) {
      clips.push({
        name,
        path: name,
        group: name,
        samples: samples.subarray(start, Math.min(samples.length, start + 5 * sampleRate)),
      });
    }
  }
  return clips;
}

const ABOUT = (burps: number, others: number): string =>
  `**No real burp was heard in training.** The ${burps} burps are synthetic: a pulse train with jitter through moving ` +
  `formants, in synthetic rooms and microphones. The negatives are ${others} synthetic sounds, and real ones if they are ` +
  "named below. This is a cold start: good enough to find candidates in recordings and in front of chat commands, to be " +
  "replaced by a model that is trained on burps of your own channel (`deno task harvest`, `deno task train`).";

if (import.meta.main) await runAsMain(coldStart);
