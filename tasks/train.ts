import type { Clip } from "lib/dataset/clip.ts";
import { checkEventName } from "lib/dataset/label_name.ts";
import { AUGMENTATIONS, withoutAugmentation } from "lib/train/augmentations.ts";
import { ENGINES } from "lib/train/engine.ts";
import { DEFAULT_TRAIN_CONFIG, type TrainConfig } from "lib/train/train_config.ts";
import { defineCommand, runAsMain } from "tasks/command.ts";
import { planFolders } from "tasks/train/folders.ts";
import { groupPattern } from "tasks/train/group_pattern.ts";
import { loadClips } from "tasks/train/load_clips.ts";
import { outputFolder } from "tasks/train/output_folder.ts";
import { runLearningCurve } from "tasks/train/run_learning_curve.ts";
import { runTraining } from "tasks/train/run_training.ts";
import { startingPoint } from "tasks/train/starting_point.ts";

export const train = defineCommand({
  name: "train",
  summary: "learns a sound from clips and writes a model that `find` uses",
  examples: [
    ["deno task train", "learn burps from data/clips/burp-audio and data/clips/not-burp-audio"],
    [
      "deno task train --event cough --positives coughs --negatives speech --negatives games",
      "learn another sound",
    ],
    ["deno task train --event burp --event sneeze --epochs 40", "learn two sounds in one model"],
    ["deno task train --resume", "go on with a training that was cut off"],
    [
      "deno task train --without room --output models/no-room",
      "what is an augmentation worth? compare with `deno task runs`",
    ],
    ["deno task train --learning-curve", "would more labels help?"],
  ],
  options: {
    event: {
      type: "list",
      value: "NAME",
      default: ["burp"],
      help: "sound to learn; several make one model of all",
    },
    positives: {
      type: "list",
      value: "DIR",
      path: true,
      help: "clips with the sound, one folder per --event in the same order",
    },
    negatives: {
      type: "list",
      value: "DIR",
      path: true,
      help: "clips without the sound",
    },
    output: {
      type: "string",
      short: "o",
      value: "DIR",
      path: true,
      help: "new folder for the model",
      defaultText: "models/<event>, with a number where that is taken",
    },
    batchSize: {
      type: "integer",
      min: 1,
      max: 1024,
      env: "BATCH_SIZE",
      default: DEFAULT_TRAIN_CONFIG.batchSize,
      help: "windows that are trained on at once; lower it if memory runs out",
    },
    epochs: {
      type: "integer",
      min: 1,
      max: 100_000,
      env: "EPOCHS",
      default: DEFAULT_TRAIN_CONFIG.epochs,
      help: "how long to train; the best epoch is kept",
    },
    networks: {
      type: "integer",
      min: 1,
      max: 16,
      default: DEFAULT_TRAIN_CONFIG.networks,
      help: "networks whose scores are averaged: better than one, and as many times slower to train and run",
    },
    trainingValidationSplit: {
      type: "number",
      min: 0.1,
      max: 0.99,
      env: "TRAINING_VALIDATION_SPLIT",
      default: DEFAULT_TRAIN_CONFIG.trainShare,
      help: "share of the clips to train on; the others measure",
    },
    stepsPerEpoch: {
      type: "integer",
      min: 1,
      max: 100_000,
      default: DEFAULT_TRAIN_CONFIG.stepsPerEpoch,
      help: "batches in an epoch",
    },
    groupBy: {
      type: "string",
      value: "REGEX",
      help: "part of a file name that says which recording a clip is from; recordings are never split",
    },
    seed: {
      type: "string",
      default: String(DEFAULT_TRAIN_CONFIG.seed),
      help: "the same seed gives the same batches",
    },
    engine: {
      type: "string",
      choices: ENGINES,
      help: "what computes",
      defaultText: "the fastest that works here",
    },
    notes: {
      type: "string",
      value: "FILE",
      path: true,
      help: "text on the data (sources, licences) for the model card",
    },
    base: {
      type: "list",
      value: "DIR",
      path: true,
      help: "model to start from; several are taken in turn, one for each network",
      defaultText: "models/base, base-2 and so on where they are; none starts from nothing",
    },
    without: {
      type: "list",
      choices: AUGMENTATIONS,
      separator: ",",
      help: "leave out an augmentation, to see what it is worth",
    },
    learningCurve: {
      type: "boolean",
      help: "write no model; train on a quarter, half and all of the clips: would more labels help?",
    },
    resume: { type: "boolean", help: "go on from the last finished epoch of the same training" },
  },
  groups: {
    "How it learns": [
      "batchSize",
      "epochs",
      "stepsPerEpoch",
      "networks",
      "trainingValidationSplit",
      "groupBy",
      "base",
      "without",
      "engine",
      "seed",
    ],
  },
  run: async ({ options, log, progress, print, printJson, signal }) => {
    const plan = await planFolders(options);
    options.event.forEach(checkEventName);
    const output = await outputFolder(options.output, options.event.join("-"));
    const everything: TrainConfig = {
      ...DEFAULT_TRAIN_CONFIG,
      batchSize: options.batchSize,
      epochs: options.epochs,
      stepsPerEpoch: options.stepsPerEpoch,
      networks: options.networks,
      trainShare: options.trainingValidationSplit,
      seed: options.seed,
    };
    const config = AUGMENTATIONS.filter((name) => options.without.includes(name))
      .reduce(withoutAugmentation, everything);
    const load = (folders: readonly string[], event?: string): Promise<readonly Clip[]> =>
      loadClips(folders, {
        log,
        signal,
        sampleRate: config.features.sampleRate,
        ...groupPattern(options.groupBy),
      }, event);
    const events = [];
    for (const { event, folders } of plan.positives) {
      events.push({ event, positives: await load(folders, event) });
    }
    const negatives = await load(plan.negatives);
    const context = { log, progress, print, printJson, signal };
    if (options.learningCurve) {
      const parts = { events, negatives, config, ...(await startingPoint(options.base)) };
      return await runLearningCurve({ context, engine: options.engine, parts });
    }
    await runTraining({
      context,
      engine: options.engine,
      job: {
        name: options.event.join("-"),
        dir: output,
        events,
        negatives,
        config,
        checkpointPath: `${output}.checkpoint`,
        resume: options.resume,
        ...(await startingPoint(options.base)),
        ...(options.notes !== undefined && { notes: await Deno.readTextFile(options.notes) }),
      },
    });
  },
});

if (import.meta.main) await runAsMain(train);
