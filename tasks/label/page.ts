import { isBesideMedia } from "lib/base/events/media_name.ts";
import { openLedger } from "lib/learning/dataset/label_ledger.ts";
import { describeNewAnswers, isNewAnswer } from "lib/learning/dataset/new_answers.ts";
import { countUnlistedClips } from "lib/learning/dataset/unlisted_clips.ts";
import { lastTrainingMs } from "lib/learning/model_package/last_training.ts";
import { CLIP_SOURCES } from "lib/work/review/answers.ts";
import { DEFAULT_REVIEW } from "lib/work/review/open_review.ts";
import { isLoopback } from "lib/web/pages/request_guard.ts";
import { startLabeler } from "lib/web/pages/start_labeler.ts";
import { defineCommand } from "tasks/command.ts";
import { openBrowser } from "tasks/label/open_browser.ts";
import { checkEvents, LEDGER_OPTIONS, PLACE_OPTIONS } from "tasks/label/options.ts";

/** `deno task label`: the page on which clips and recordings are labelled. */
export const labelPage = defineCommand({
  name: "label",
  summary: "opens a page in the browser on which clips and recordings are labelled",
  description:
    "With names of recordings it opens these, of any length; without, it asks about clips one after the other. Every " +
    "answer is in data/labels.jsonl before the next clip shows. Stop it with Ctrl+C.\n" +
    "Its parts have a --help of their own:\n" +
    "  import   reads clip folders, label tracks, CSV and segments.txt into the ledger\n" +
    "  export   writes the ledger as clip folders, label tracks, CSV or segments.txt\n" +
    "  undo     takes labels back\n" +
    "  queue    says which undecided clips to label next",
  positionals: { name: "RECORDING | import | export | undo | queue", help: "what to label, or a part" },
  options: {
    ...LEDGER_OPTIONS,
    source: {
      type: "string",
      choices: CLIP_SOURCES,
      default: DEFAULT_REVIEW.source,
      help:
        "which clips: undecided ones of the ledger, labels that nobody has confirmed, what find or the bot " +
        "kept, or all, the most instructive first",
    },
    by: { type: "string", value: "NAME", default: "", help: "who labels, for the ledger" },
    open: { type: "boolean", default: true, help: "do not open the browser" },
    port: {
      type: "integer",
      min: 0,
      max: 65535,
      default: 0,
      value: "N",
      help: "where to listen; 0 takes a free one",
    },
    host: {
      type: "string",
      default: "127.0.0.1",
      help: "address to listen at; any but this machine's own needs the token that the printed address holds",
    },
    clipFolder: {
      type: "string",
      formerly: "clips",
      path: true,
      value: "DIR",
      default: DEFAULT_REVIEW.clipsFolder,
      help: "folder of clips",
    },
    ...PLACE_OPTIONS,
  },
  examples: [
    ["deno task label", "clips, the most instructive first"],
    ["deno task label --source ledger --by ann", "what harvesting could not decide"],
    ["deno task label data/vods/1746376348.mkv --event ad --event burp", "a whole stream, with keys a and b"],
    ["deno task label import", "clips in data/clips, and found clips that were sorted"],
    ["deno task label undo --last 3", "the last three labels"],
  ],
  run: async ({ options, positionals, log, print, printJson, signal }) => {
    checkEvents(options.event);
    // A shell's `d/*` names annotations beside recordings, too.
    const recordings = positionals.filter((path) => positionals.length === 1 || !isBesideMedia(path));
    for (const path of recordings) {
      if (await Deno.stat(path).then(({ isFile }) => isFile, () => false)) continue;
      throw new Deno.errors.NotFound(`${path}: there is no such recording`);
    }
    // Before anything listens that would have to be closed if this fails.
    const unlisted = await countUnlistedClips(options.clipFolder, options.event, openLedger(options.ledger));
    const labeler = await startLabeler({
      events: options.event,
      source: options.source,
      by: options.by,
      ledger: options.ledger,
      clipsFolder: options.clipFolder,
      foundFolder: options.found,
      vodsFolder: options.vods,
      recordings,
      hostname: options.host,
      port: options.port,
      onError: log.error,
    }).catch((error) => {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
      throw new Error(`port ${options.port} is taken: name another one with --port, or leave it out`, {
        cause: error,
      });
    });
    print(labeler.url);
    printJson({ url: labeler.url });
    if (!isLoopback(options.host)) {
      log.warn(
        "others in this network can label, too, if they have the whole address: show it to nobody else",
      );
    }
    for (const { folder, count } of unlisted) {
      log.info(
        `${count} clip${count === 1 ? "" : "s"} in ${folder} ${
          count === 1 ? "is" : "are"
        } not in the ledger, so that the ` +
          "page does not ask about them: `deno task label import` enters them",
      );
    }
    if (options.open) openBrowser(labeler.url);
    log.info("stop with Ctrl+C; every answer is in the ledger already");
    const stopped = Promise.withResolvers<void>();
    signal.addEventListener("abort", () => stopped.resolve(), { once: true });
    if (!signal.aborted) await stopped.promise;
    await labeler.close();
    const since = await lastTrainingMs(DEFAULT_REVIEW.modelsFolder, options.event);
    const current = await openLedger(options.ledger).current();
    const count = current.filter((entry) => isNewAnswer(entry, options.event, since)).length;
    if (count > 0) log.info(`${describeNewAnswers(count)}: deno task train learns from them`);
  },
});
