import { DEFAULT_DISTIL_CONFIG, type DistilConfig } from "lib/learning/distil/distil.ts";
import { LISTENER_FOLDER } from "lib/learning/listener/listener_package.ts";
import { ENGINES } from "lib/learning/train/engine.ts";
import { defineCommand, runAsMain } from "tasks/command.ts";
import { runDistillation } from "tasks/train/run_distillation.ts";
import { outputFolder } from "tasks/train/output_folder.ts";

export const pretrain = defineCommand({
  name: "pretrain",
  summary: "teaches a small network what the listener hears, for other trainings to start from",
  description:
    "The network begins with nothing and learns what the listener says of many sounds: recordings from folders, the " +
    "synthesiser's, and speech by espeak-ng, all mixed, in rooms, through codecs and at every level. `deno task train " +
    "--base models/taught` starts from it.",
  examples: [
    ["deno task pretrain --sounds sounds", "any audio files, each folder in it an origin of its own"],
    ["deno task pretrain --sounds sounds --resume", "go on where it was cut off"],
  ],
  options: {
    sounds: {
      type: "list",
      formerly: "clipFolder",
      value: "DIR",
      path: true,
      help: "recordings of all kinds; the folders in it share the time that they are heard",
    },
    burps: { type: "integer", min: 0, default: 3000, help: "synthetic burps" },
    synthetic: { type: "integer", min: 0, default: 3000, help: "synthetic sounds of other kinds" },
    spoken: {
      type: "integer",
      min: 0,
      default: 800,
      help: "utterances by espeak-ng, which must be installed",
    },
    teacher: {
      type: "string",
      value: "DIR",
      path: true,
      default: LISTENER_FOLDER,
      help: "model to learn from",
    },
    width: {
      type: "number",
      min: 0.05,
      max: 1,
      default: 0.5,
      help: "channels of the network, as a share of MobileNet's",
    },
    steps: { type: "integer", min: 1, default: DEFAULT_DISTIL_CONFIG.steps, help: "batches to learn from" },
    parts: {
      type: "integer",
      min: 1,
      default: DEFAULT_DISTIL_CONFIG.parts,
      help: "sixteen-minute parts of mixed sound; each is heard as often as the steps take",
    },
    output: {
      type: "string",
      short: "o",
      value: "DIR",
      path: true,
      help: "new folder for the model",
      defaultText: "models/taught, with a number where that is taken",
    },
    seed: {
      type: "string",
      default: String(DEFAULT_DISTIL_CONFIG.seed),
      help: "the same seed gives the same mixtures",
    },
    notes: {
      type: "string",
      value: "FILE",
      path: true,
      help: "sources and licences of the recordings, for the model card",
    },
    engine: {
      type: "string",
      choices: ENGINES,
      help: "what computes",
      defaultText: "the fastest that works here",
    },
    resume: { type: "boolean", help: "go on from the last checkpoint of the same training" },
  },
  run: async ({ options, ...context }) => {
    const output = await outputFolder(options.output, "taught");
    const { steps, parts, seed } = options;
    const config: DistilConfig = { ...DEFAULT_DISTIL_CONFIG, steps, parts, seed };
    await runDistillation({ ...options, output, config }, context);
  },
});

if (import.meta.main) await runAsMain(pretrain);
