import { defineCommand, runAsMain, UsageError } from "tasks/command.ts";
import { compareEvents } from "tasks/evaluate/compare_events.ts";
import { evaluateModels } from "tasks/evaluate/on_models.ts";
import { showRuns } from "tasks/evaluate/show_runs.ts";

/** `deno task evaluate`: measures models on clips and recordings, and compares found events with annotations. */
export const evaluate = defineCommand({
  name: "evaluate",
  summary: "measures models on clips and recordings, and compares found events with annotations",
  description:
    "With --model: on folders of labelled clips, accuracy, precision and recall of both classes, and the mistakes, " +
    "listed and copied to data/reports/<run>/false-positives and false-negatives; on annotated recordings, what is " +
    "found, missed and invented. Several models are held against each other. Every run is kept; --runs shows them, " +
    "and which differences are real.\n" +
    "Without: compares found events with annotations, in any event format. Prints precision, recall and F1 of events " +
    "(matched one to one by onset within each collar, and by overlap) and of segments (time cut into pieces, each of " +
    "which an event touches or not), and false alarms an hour: found events that touch no annotation widened by half " +
    "a second. In folders, both go by the recording's name.",
  positionals: {
    name: "FOUND ANNOTATIONS | FOLDER | RECORDING",
    help: "found events and annotations by turns; with --model, folders of clips (called <event>-audio and " +
      "not-<event>-audio, or with files that end in _a and _b) or annotated recordings; data/clips without any",
  },
  options: {
    model: {
      type: "list",
      short: "m",
      path: true,
      value: "DIR",
      help: "model to measure; several are compared",
    },
    event: {
      type: "string",
      value: "NAME",
      help: "compare only this sound; needed where models know several",
    },
    anyLabel: {
      type: "boolean",
      help: "compare found events and annotations that have no label in common",
    },
    positives: { type: "list", path: true, value: "DIR", help: "clips with the sound" },
    negatives: { type: "list", path: true, value: "DIR", help: "clips without the sound" },
    classA: {
      type: "string",
      choices: ["event", "not-event"],
      default: "event",
      help: "what files hold whose names end in _a",
    },
    groupBy: {
      type: "string",
      value: "REGEX",
      help: "part of a file name that says which recording a clip is from",
    },
    threshold: { type: "number", min: 0, max: 1, value: "T", help: "in place of the models' own" },
    untuned: { type: "boolean", help: "on recordings, measure each model also as it was before tuning" },
    move: { type: "boolean", help: "move mistaken clips instead of copying them" },
    report: {
      type: "boolean",
      help: "with --model, write a page with figures and the worst mistakes to listen to",
    },
    run: { type: "string", value: "NAME", help: "name of the run's folder in data/reports" },
    runs: { type: "boolean", help: "show the runs that are kept, and which differences are real" },
    hours: {
      type: "number",
      min: 1e-6,
      value: "H",
      help: "length of each recording; by default it is measured",
    },
    collar: {
      type: "list",
      separator: ",",
      value: "S",
      default: ["0.5", "1"],
      help: "onset collars in seconds",
    },
    offsets: {
      type: "boolean",
      help: "offsets must match as well, within the collar or half of the annotation's length",
    },
    overlap: { type: "number", min: 0, max: 1, default: 0.3, help: "smallest intersection over union" },
    track: {
      type: "string",
      value: "TRACK",
      help: "audio track of recordings to hear: its number, language or title",
      defaultText: "the one that players play",
    },
    segment: {
      type: "number",
      min: 0.001,
      default: 1,
      value: "S",
      help: "length of a segment in seconds; 1 is usual for sound events",
    },
  },
  groups: {
    "With --model": ["positives", "negatives", "classA", "groupBy", "threshold", "untuned", "move"],
    "With --model, on recordings": ["track", "report"],
    "What matches": ["collar", "offsets", "overlap", "segment", "hours"],
  },
  examples: [
    ["deno task evaluate --model models/mine", "on data/clips/<event>-audio and not-<event>-audio"],
    [
      "deno task evaluate --model models/a --model models/b eval",
      "two models on a folder of …_a.wav and …_b.wav",
    ],
    [
      "deno task evaluate --model models/mine data/vods/other.m4a",
      "on a recording with annotations beside it",
    ],
    [
      "deno task evaluate data/found/a/events.csv data/vods/a.csv --hours 2.5",
      "found events of one recording",
    ],
    ["deno task evaluate data/found data/vods", "all annotated recordings, and all together"],
    [
      "deno task evaluate found.csv truth.csv --hours 1 --collar 0.2 --offsets",
      "as the DCASE challenges count events",
    ],
    ["deno task evaluate --runs", "all runs so far"],
  ],
  run: async ({ options, positionals, ...context }) => {
    const collars = options.collar.map(Number);
    if (!collars.every((collar) => collar > 0)) throw new UsageError("--collar takes seconds above 0");
    if (options.runs) return await showRuns(options.event, context);
    if (options.model.length > 0) {
      return await evaluateModels({ ...options, paths: positionals, collars }, context);
    }
    const unused = (["positives", "negatives"] as const).find((name) => options[name].length > 0) ??
      (["move", "report", "untuned", "track"] as const).find((name) => options[name]);
    if (unused) throw new UsageError(`--${unused} needs a --model to measure`);
    await compareEvents(positionals, { ...options, collars }, context);
  },
});

if (import.meta.main) await runAsMain(evaluate);
