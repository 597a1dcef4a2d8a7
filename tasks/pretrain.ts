import { createRandom } from "lib/base/numbers/random.ts";
import type { Clip } from "lib/learning/dataset/clip.ts";
import { synthesizeBurp } from "lib/learning/synthesis/burp.ts";
import { synthesizeConfuser } from "lib/learning/synthesis/confusers.ts";
import { ENGINES } from "lib/learning/train/engine.ts";
import { DEFAULT_TRAIN_CONFIG, type TrainConfig } from "lib/learning/train/train_config.ts";
import { MIN_POSITIVES } from "lib/learning/train/training_data.ts";
import { defineCommand, runAsMain } from "tasks/command.ts";
import { groupPattern, optionPattern } from "tasks/train/group_pattern.ts";
import { loadClips } from "tasks/train/load_clips.ts";
import { outputFolder } from "tasks/train/output_folder.ts";
import { runTraining } from "tasks/train/run_training.ts";

export const pretrain = defineCommand({
  name: "pretrain",
  summary: "trains a model that knows many sounds a little, for other trainings to start from",
  description:
    "`deno task train` takes models/base, base-2, base-3 and so on by itself, one for each network. With " +
    `${DEFAULT_TRAIN_CONFIG.networks} networks, its default, more of them are used only where --base names them or ` +
    "--networks is higher.",
  examples: [
    [
      "deno task pretrain --clip-folder sounds --class-by '^([a-z]+)-' --seed 4 --output models/base-4",
      "clips whose names begin with their class; a seed of its own, so that the networks err differently",
    ],
  ],
  options: {
    clipFolder: {
      type: "list",
      formerly: "clips",
      value: "DIR",
      path: true,
      help: "real clips of many kinds",
    },
    classBy: {
      type: "string",
      value: "REGEX",
      default: "^([^_]+)_",
      help: "part of a file name that says what it sounds like; clips without it are background",
    },
    groupBy: {
      type: "string",
      value: "REGEX",
      help: "part of a file name that says which recording it is from",
    },
    synthetic: { type: "integer", min: 0, default: 2000, help: "synthetic sounds of all kinds beside them" },
    output: {
      type: "string",
      short: "o",
      value: "DIR",
      path: true,
      help: "new folder for the model",
      defaultText: "models/base, with a number where that is taken",
    },
    epochs: { type: "integer", min: 1, default: 24, help: "how long to train" },
    stepsPerEpoch: {
      type: "integer",
      min: 1,
      // Long is worth it here: it is done once, and every training after it gains.
      default: 250,
      help: "batches in an epoch",
    },
    trainingValidationSplit: {
      type: "number",
      min: 0.1,
      max: 0.99,
      default: 0.95,
      help: "share of the clips to train on; the others measure",
    },
    seed: {
      type: "string",
      default: String(DEFAULT_TRAIN_CONFIG.seed),
      help: "the same seed gives the same batches",
    },
    notes: {
      type: "string",
      value: "FILE",
      path: true,
      help: "sources and licences of the clips, for the model card",
    },
    engine: {
      type: "string",
      choices: ENGINES,
      help: "what computes",
      defaultText: "the fastest that works here",
    },
  },
  run: async ({ options, log, progress, print, printJson, signal }) => {
    const output = await outputFolder(options.output, "base");
    const config: TrainConfig = {
      ...DEFAULT_TRAIN_CONFIG,
      // Nearly every window holds a sound whose class is known; other sounds are kept out, since a background that
      // is one of the classes would teach that it is not.
      mixture: { ...DEFAULT_TRAIN_CONFIG.mixture, positiveShare: 0.95, distractorShare: 0 },
      epochs: options.epochs,
      stepsPerEpoch: options.stepsPerEpoch,
      trainShare: options.trainingValidationSplit,
      // What another training starts from is one network.
      networks: 1,
      seed: options.seed,
    };
    const { sampleRate } = config.features;
    const real = await loadClips(options.clipFolder, {
      log,
      signal,
      sampleRate,
      ...groupPattern(options.groupBy),
    });
    const synthetic = synthesizeClasses(options.synthetic, { seed: options.seed, sampleRate });
    const classOf = optionPattern("--class-by", options.classBy);
    const classes = Map.groupBy(
      [...real, ...synthetic],
      (clip) => clip.event ?? firstGroup(classOf.exec(clip.name)),
    );
    const background = classes.get("") ?? [];
    classes.delete("");
    const events = [...classes]
      .filter(([, clips]) => clips.length >= MIN_POSITIVES)
      .sort(([a], [b]) => a < b ? -1 : 1)
      .map(([event, clips]) => ({ event, positives: clips.map((clip) => ({ ...clip, event })) }));
    log.info(`${events.length} classes, ${background.length} background clips`);
    await runTraining({
      context: { log, progress, print, printJson, signal },
      engine: options.engine,
      job: {
        name: "base",
        dir: output,
        events,
        negatives: background,
        config,
        notes: [
          "A start for other trainings (`deno task train` takes it by itself), not a detector to use: it tells " +
          "many kinds of sound apart, a little.",
          ...(options.notes === undefined ? [] : [await Deno.readTextFile(options.notes)]),
        ].join("\n\n"),
      },
    });
  },
});

/** Burps and all other synthetic sounds, each with its kind as the event. */
function synthesizeClasses(
  count: number,
  { seed, sampleRate }: { readonly seed: string; readonly sampleRate: number },
): Clip[] {
  const random = createRandom(`${seed}/pretrain`);
  return Array.from({ length: count }, (_, i) => {
    const name = `synthetic-${i}`;
    const own = random.fork(name);
    const { kind, samples } = i % 10 === 0
      ? { kind: "burp", samples: synthesizeBurp(own, { sampleRate }) }
      : synthesizeConfuser(own, { sampleRate });
    return { name, path: name, group: name, event: `synthetic-${kind}`, samples };
  });
}

function firstGroup(match: RegExpExecArray | null): string {
  return match?.slice(1).find((part) => part) ?? "";
}

if (import.meta.main) await runAsMain(pretrain);
