import { DEFAULT_FOLDS } from "lib/learning/train/cross_validation.ts";
import { ENGINES } from "lib/learning/train/engine.ts";
import { defineCommand, runAsMain, UsageError } from "tasks/command.ts";
import { LEDGER_OPTIONS } from "tasks/label/options.ts";
import { listSuspects } from "tasks/review/list_suspects.ts";
import { relabel } from "tasks/review/relabel.ts";

/** `deno task review`: lists training clips whose labels look wrong, and relabels clips. */
export const review = defineCommand({
  name: "review",
  summary: "lists training clips whose labels look wrong, and relabels clips",
  description:
    "Deals the clips out to parts by recording and scores each part by a model that learnt from the others: what " +
    "speaks against a label is then knowledge of other clips, not memory of this one. Writes the list to " +
    "data/reports/<run>/suspects.csv and a page to listen to, suspects.html.\n" +
    "With --relabel NAME, the clips that are given get that label in the ledger, and move to its folder.",
  positionals: { name: "CLIP", help: "clips to relabel" },
  options: {
    event: { type: "string", value: "NAME", default: "burp", help: "the sound" },
    positives: { type: "list", path: true, value: "DIR", help: "clips with the sound" },
    negatives: { type: "list", path: true, value: "DIR", help: "clips without the sound" },
    groupBy: {
      type: "string",
      value: "REGEX",
      help: "part of a file name that says which recording a clip is from; recordings are never split",
    },
    method: {
      type: "string",
      choices: ["light", "training"],
      default: "light",
      help: "a classifier on what --base hears (seconds), or a short training for each part (minutes)",
    },
    folds: {
      type: "integer",
      min: 2,
      max: 50,
      default: DEFAULT_FOLDS,
      help: "parts; fewer where there are fewer recordings",
    },
    epochs: { type: "integer", min: 1, max: 1000, default: 4, help: "length of each short training" },
    base: {
      type: "string",
      path: true,
      value: "DIR",
      help: "model that describes sounds",
      defaultText: "models/listener if setup got it and nothing is trained, else models/base",
    },
    top: { type: "integer", min: 1, max: 1000, default: 30, help: "suspects to print and show" },
    run: { type: "string", value: "NAME", help: "name of the folder in data/reports" },
    engine: {
      type: "string",
      choices: ENGINES,
      help: "what computes (default: the fastest that works here)",
    },
    seed: { type: "string", default: "1", help: "the same seed gives the same parts" },
    relabel: { type: "string", value: "LABEL", help: "<event>, not-<event>, unsure or skip" },
    by: { type: "string", value: "NAME", default: "", help: "who relabels" },
    clipFolder: {
      type: "string",
      formerly: "clips",
      path: true,
      value: "DIR",
      default: "data/clips",
      help: "folder of the clip folders",
    },
    ledger: LEDGER_OPTIONS.ledger,
  },
  examples: [
    ["deno task review", "data/clips/burp-audio and not-burp-audio"],
    ["deno task review --method training --epochs 6", "with a short training for each part"],
    ["deno task review --relabel not-burp data/clips/burp-audio/a.wav", "correct a label"],
  ],
  run: async ({ options, positionals, ...context }) => {
    if (options.relabel !== undefined) {
      if (positionals.length === 0) throw new UsageError("CLIP is missing: name the clips to relabel");
      return await relabel(positionals, options.relabel, options, context);
    }
    if (positionals.length > 0) throw new UsageError("clips are named for --relabel LABEL only");
    await listSuspects(options, context);
  },
});

if (import.meta.main) await runAsMain(review);
