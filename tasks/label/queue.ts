import { basename } from "node:path";
import { type NextClip, nextClips } from "lib/work/review/next_clips.ts";
import { defineCommand, UsageError } from "tasks/command.ts";
import { checkEvents, LEDGER_OPTIONS, PLACE_OPTIONS } from "tasks/label/options.ts";

/** `deno task label queue`: which sounds to listen to next. */
export const labelQueue = defineCommand({
  name: "label queue",
  summary: "says which undecided clips to label next",
  description:
    "Of what harvesting could not decide and what find or the bot kept, those come first that models are unsure or " +
    "disagree about, and that are unlike all that is labelled or comes before them: labels of these teach most. It is " +
    "the order of the page's most instructive clips.",
  options: {
    ledger: LEDGER_OPTIONS.ledger,
    event: { type: "string", value: "NAME", default: "burp", help: "the sound" },
    count: { type: "integer", min: 1, value: "N", default: 20, help: "how many" },
    model: {
      type: "list",
      path: true,
      value: "DIR",
      help: "models to ask (default models/<event> if it is there; none for none)",
    },
    found: PLACE_OPTIONS.found,
    vods: PLACE_OPTIONS.vods,
  },
  examples: [
    ["deno task label queue", "the twenty clips to listen to next"],
    ["deno task label queue --model models/mine --model models/burp", "where two models disagree, too"],
  ],
  run: async ({ options, progress, print, printJson, log, signal }) => {
    const { event, count } = options;
    checkEvents([event]);
    const models = chosenModels(options.model);
    const bar = await progress.start("clips", 1);
    try {
      const queue = await nextClips({
        events: [event],
        ledger: options.ledger,
        foundFolder: options.found,
        vodsFolder: options.vods,
        count,
        signal,
        models,
        onProgress: (done, total) => {
          bar.setTotal(Math.max(1, total));
          bar.update(done);
        },
      });
      bar.stop();
      if (queue.length === 0) log.warn(`no undecided clips of ${event} in ${options.ledger}`);
      for (const clip of queue) print(describe(clip));
      printJson(queue.map(({ item: { id, media, recording, onset }, worth }) => ({
        id,
        path: media.path,
        ...worth,
        recording,
        onset,
      })));
    } finally {
      bar.stop();
    }
  },
});

/** Undefined for the usual ones. */
function chosenModels(dirs: readonly string[]): readonly string[] | undefined {
  if (!dirs.some((dir) => basename(dir) === "none")) return dirs.length > 0 ? dirs : undefined;
  if (dirs.length > 1) throw new UsageError("--model none goes with no other model");
  return [];
}

function describe(
  { item: { media, onset }, worth: { worth, scores, disagreement, novelty } }: NextClip,
): string {
  const place = media.start === undefined ? media.path : `${media.path} at ${onset.toFixed(1)} s`;
  const said = scores.length === 0
    ? "no model"
    : `scores ${scores.map((score) => score.toFixed(2)).join(" ")}`;
  const why = `${said}, disagreement ${disagreement.toFixed(2)}, novelty ${novelty.toFixed(2)}`;
  return `${place}  worth ${worth.toFixed(2)} (${why})`;
}
