import { join } from "node:path";
import { checkEventName } from "lib/learning/dataset/label_name.ts";
import { AUGMENTATIONS, withoutAugmentation } from "lib/learning/train/augmentations.ts";
import { ENGINES } from "lib/learning/train/engine.ts";
import { DEFAULT_TRAIN_CONFIG, type TrainConfig } from "lib/learning/train/train_config.ts";
import { defineCommand, runAsMain, UsageError } from "tasks/command.ts";
import { splitClips } from "lib/learning/train/training_data.ts";
import { QUICK_TRAINING, TRUNK_TRAINING } from "lib/learning/train/trunk_training.ts";
import { loadBackground } from "tasks/train/background.ts";
import { planFolders } from "tasks/train/folders.ts";
import { answeredEvents, ledgerOf, loadTrainingClips } from "tasks/train/training_clips.ts";
import { outputFolder } from "tasks/train/output_folder.ts";
import { runLearningCurve } from "tasks/train/run_learning_curve.ts";
import { runTraining } from "tasks/train/run_training.ts";
import { startingPoint } from "lib/learning/train/starting_point.ts";
import { teachersOf } from "tasks/train/teachers.ts";
import { openAgainst, tellVerdict } from "tasks/train/verdict.ts";

export const train = defineCommand({
  name: "train",
  summary: "learns a sound from clips and writes a model that `find` uses",
  description:
    "Takes the clips of two folders and what was answered on the label page, and mixes those with the sound into the others " +
    "and into recordings without it. Part of all is held back; at the end it chooses, on that part, the threshold, and " +
    "says whether the model is better than the one that it would replace, and what to do next.",
  examples: [
    ["deno task train", "learn burps from data/clips/burp-audio and data/clips/not-burp-audio"],
    [
      "deno task train --event cough --positives coughs --negatives speech --negatives games",
      "learn another sound",
    ],
    ["deno task train --event burp --event sneeze --epochs 40", "learn two sounds in one model"],
    [
      "deno task train --background data/vods/quiet.mp4",
      "learn too what a recording without burps sounds like",
    ],
    ["deno task train --quick", "learn in seconds, for a first look"],
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
      help: "how long to train; the best epoch is kept",
      defaultText: `${TRUNK_TRAINING.epochs} from the listener, else ${DEFAULT_TRAIN_CONFIG.epochs}`,
    },
    networks: {
      type: "integer",
      min: 1,
      max: 16,
      help: "networks whose scores are averaged: better than one, and as many times slower to train and run",
      defaultText: `${TRUNK_TRAINING.networks} from the listener, else ${DEFAULT_TRAIN_CONFIG.networks}`,
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
    background: {
      type: "list",
      path: true,
      value: "PATH",
      help:
        "recordings to learn background from: without the sound, or with annotations beside them; files or folders",
      defaultText: "in any case those that were harvested from; none takes none at all",
    },
    against: {
      type: "string",
      path: true,
      value: "DIR",
      help: "model that the new one would replace; both are measured on what is held back",
      defaultText: "the listener where it knows the event, else models/<event>",
    },
    answers: {
      type: "boolean",
      default: true,
      help: "do not learn from what the ledger says that people answered, only from folders",
    },
    data: {
      type: "string",
      path: true,
      value: "DIR",
      default: "data",
      help: "where clips, labels, chats, recordings and what the harvest remembers lie",
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
      defaultText: "models/listener, else models/base, base-2 and so on; none starts from nothing",
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
    quick: {
      type: "boolean",
      help: "learn in seconds, the layers over a trunk alone, which stays as it is: for a first look",
    },
    resume: { type: "boolean", help: "go on from the last finished epoch of the same training" },
  },
  groups: {
    "How it learns": [
      "quick",
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
    const startedMs = Date.now();
    const plan = await planFolders(options, await answeredEvents(options));
    options.event.forEach(checkEventName);
    const output = await outputFolder(options.output, options.event.join("-"));
    const { bases, defaults: usual } = await startingPoint(options.base);
    if (options.quick && !bases) {
      throw new UsageError(
        "--quick needs a model to start from: run deno task setup, or name one with --base",
      );
    }
    if (options.quick) {
      log.info("quick: of sneezes in a noisy hour such a model had the best F1 0.65, a usual training 0.88");
    }
    const defaults = options.quick ? { ...usual, ...QUICK_TRAINING } : usual;
    const everything: TrainConfig = {
      ...defaults,
      batchSize: options.batchSize,
      epochs: options.epochs ?? defaults.epochs,
      stepsPerEpoch: options.stepsPerEpoch,
      networks: options.networks ?? defaults.networks,
      trainShare: options.trainingValidationSplit,
      seed: options.seed,
    };
    const config = AUGMENTATIONS.filter((name) => options.without.includes(name))
      .reduce(withoutAugmentation, everything);
    const context = { log, progress, print, printJson, signal };
    const { sampleRate } = config.features;
    const against = await openAgainst(options.against, options.event[0]!);
    const clips = await loadTrainingClips(plan, { ...options, sampleRate }, context);
    if (options.learningCurve) {
      const parts = { ...clips, config, bases };
      return await runLearningCurve({ context, engine: options.engine, parts });
    }
    // What is wrong with the clips should be said before recordings are read.
    splitClips(clips.events, clips.negatives, config);
    const background = await loadBackground({
      given: options.background,
      events: options.event,
      seed: options.seed,
      sampleRate,
      folders: {
        records: join(options.data, "reports", "harvest"),
        chats: join(options.data, "chats"),
        vods: join(options.data, "vods"),
      },
      current: await ledgerOf(options.data).current(),
      teachers: await teachersOf(options.event, options.against === undefined ? undefined : against),
    }, context);
    const model = await runTraining({
      context,
      engine: options.engine,
      job: {
        name: options.event.join("-"),
        dir: output,
        ...clips,
        background,
        startedMs,
        config,
        checkpointPath: `${output}.checkpoint`,
        resume: options.resume,
        bases,
        ...(options.notes !== undefined && { notes: await Deno.readTextFile(options.notes) }),
      },
    });
    if (!signal.aborted) await tellVerdict({ dir: output, model, background, config, against }, context);
  },
});

if (import.meta.main) await runAsMain(train);
