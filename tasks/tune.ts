import { READ_EVENT_FORMATS } from "lib/base/events/event_formats.ts";
import { systemClock } from "lib/base/system/clock.ts";
import type { PointRule } from "lib/learning/evaluate/choose_point.ts";
import { pairAnnotations, pairNamedFiles } from "lib/learning/evaluate/event_files.ts";
import { tuneModel } from "lib/learning/evaluate/tune_model.ts";
import { formatTuning } from "lib/learning/evaluate/tuning_report.ts";
import { defineCommand, runAsMain, UsageError } from "tasks/command.ts";
import { openWithBar } from "tasks/evaluate/open_with_bar.ts";
import { calibrateModel } from "tasks/tune/calibrate_model.ts";
import { savedNote } from "tasks/tune/saved_note.ts";
import { writeTuningReport } from "tasks/tune/write_report.ts";

/** `deno task tune`: chooses the threshold of a model on annotated recordings. */
export const tune = defineCommand({
  name: "tune",
  summary: "chooses the threshold of a model on annotated recordings",
  description:
    "Searches recordings that are annotated from end to end, chooses the threshold of each sound and keeps " +
    "it in the model's manifest, where find and bot look; earlier choices stay there. Annotations lie beside the " +
    "recordings under the same name (a.m4a and a.csv or a.txt).\n" +
    `Read are ${READ_EVENT_FORMATS}.\n` +
    "--calibrate says what a score is worth instead: answer on the page about some of what the model found (deno task " +
    "label --source found), or change the label of those that are wrong to not-<event> in a copy of their events.csv, " +
    "and leave out those that you did not review.",
  positionals: {
    name: "RECORDING",
    help:
      "annotated recordings, at best some that were not trained on; their annotations may be named with them",
  },
  options: {
    model: {
      type: "string",
      short: "m",
      path: true,
      value: "DIR",
      default: "models/burp",
      env: "MODEL",
      help: "the model",
    },
    event: {
      type: "list",
      value: "NAME",
      help: "sound to tune",
      defaultText: "all annotated ones that the model knows",
    },
    annotations: {
      type: "list",
      path: true,
      value: "FILE",
      help: "annotations, one file for each recording",
    },
    background: {
      type: "list",
      path: true,
      value: "FILE",
      help: "recordings without any event, to count false alarms on",
    },
    budget: { type: "number", min: 0, value: "N", help: "most recall with at most N false alarms an hour" },
    precision: {
      type: "number",
      min: 0,
      max: 1,
      value: "P",
      help: "most recall with at least this precision",
    },
    grid: { type: "boolean", help: "tune smoothing, hysteresis, shortest duration and merging too" },
    report: {
      type: "string",
      path: true,
      value: "FILE",
      help: "write a page (.html) with the curves, and with what lies near the threshold to listen to",
    },
    calibrate: {
      type: "string",
      path: true,
      value: "FILE|answers",
      help:
        "learn what a score is worth from reviewed events: a table of found events, or what was answered on the " +
        "label page about events that this model found",
    },
    data: {
      type: "string",
      path: true,
      value: "DIR",
      default: "data",
      help: "where found events and answers lie",
    },
    track: {
      type: "string",
      value: "TRACK",
      help: "audio track of recordings to hear: its number, language or title",
      defaultText: "the one that players play",
    },
    dryRun: { type: "boolean", help: "only show what would be chosen" },
  },
  examples: [
    [
      "deno task tune --model models/burp data/vods/a.m4a data/vods/b.m4a",
      "about the best F1, the nearer to the threshold of before the fewer annotations there are",
    ],
    [
      "deno task tune --model models/burp --budget 1 data/vods/a.m4a --background data/vods/quiet.m4a",
      "at most one false alarm an hour",
    ],
    [
      "deno task tune --model models/burp --grid --report tuning.html data/vods/a.m4a",
      "more settings, as a page",
    ],
    [
      "deno task tune --model models/burp --calibrate answers",
      "what a score is worth, from answers on the label page",
    ],
  ],
  run: async ({ options, positionals, log, print, printJson, progress, signal }) => {
    const rule = toRule(options.budget, options.precision);
    if (options.calibrate !== undefined) {
      if (positionals.length > 0) throw new UsageError("--calibrate takes no recordings");
      const { calibrate: reviewed, data, event, dryRun } = options;
      return await calibrateModel(options.model, { reviewed, data, event, dryRun }, {
        log,
        print,
        printJson,
      });
    }
    if (positionals.length === 0) throw new UsageError("RECORDING is missing");
    const files = options.annotations.length > 0
      ? await pairAnnotations(positionals, options.annotations)
      : await pairNamedFiles(positionals, (path) => log.info(`${path}: passed over, it is no recording`));
    if (files.length === 0) throw new UsageError("RECORDING is missing");
    const searched = [...files, ...options.background.map((recording) => ({ recording }))];
    const reports: string[] = [];
    const recordings = openWithBar({ log, progress, signal }, { track: options.track });
    const choices = tuneModel(options.model, searched, {
      rule,
      events: options.event,
      grid: options.grid,
      save: !options.dryRun,
      now: systemClock.now(),
      signal,
      openBlocks: recordings.openBlocks,
      onProgress: recordings.onProgress,
    });
    for await (const choice of choices) {
      const { point, tuned, band } = choice;
      recordings.stop();
      if (options.report !== undefined) {
        const path = reportPath(options.report, point.event, reports.length);
        await writeTuningReport(path, choice, { files: searched.map(({ recording }) => recording), rule });
        reports.push(path);
      }
      formatTuning(point, tuned, band).forEach(print);
      const { chosen, before, grid } = tuned;
      printJson({ ...point, chosen, before, band, ...(grid ? { grid } : {}), saved: !options.dryRun });
    }
    for (const path of reports) log.info(`report: ${path}`);
    log.info(options.dryRun ? "nothing was saved (--dry-run)" : savedNote(options.model));
  },
});

/** Pages of further sounds go beside the first one. */
function reportPath(given: string, event: string, before: number): string {
  return before === 0 ? given : given.replace(/(\.html?)?$/i, `-${event}$1`);
}

function toRule(budget: number | undefined, precision: number | undefined): PointRule {
  if (budget !== undefined && precision !== undefined) {
    throw new UsageError("--budget and --precision exclude each other");
  }
  if (budget !== undefined) return { kind: "budget", falseAlarmsPerHour: budget };
  return precision === undefined ? { kind: "best-f1" } : { kind: "precision", precision };
}

if (import.meta.main) await runAsMain(tune);
