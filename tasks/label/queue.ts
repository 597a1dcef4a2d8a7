import { basename, join } from "node:path";
import { openLedger } from "lib/dataset/label_ledger.ts";
import type { DescribeSound } from "lib/detect/describe_sound.ts";
import { queueCandidates } from "lib/harvest/candidate_queue.ts";
import type { ModelScorer } from "lib/harvest/model_scorer.ts";
import { defineCommand, UsageError } from "tasks/command.ts";
import { listenerFolder } from "lib/search/choose_models.ts";
import { checkEvents, LEDGER_OPTIONS } from "tasks/label/options.ts";

/** `deno task label queue`: which candidates to listen to next. */
export const labelQueue = defineCommand({
  name: "label queue",
  summary: "says which undecided clips to label next",
  description:
    "Of the clips in data/clips/<event>-candidates, those come first that models are unsure or disagree about, and " +
    "that are unlike all that is labelled or comes before them: labels of these teach most.",
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
  },
  examples: [
    ["deno task label queue", "the twenty clips to listen to next"],
    ["deno task label queue --model models/mine --model models/burp", "where two models disagree, too"],
  ],
  run: async ({ options, progress, print, printJson, log, signal }) => {
    const { event, count } = options;
    checkEvents([event]);
    const models = await openModels(options.model, event);
    const bar = await progress.start("clips", 1);
    try {
      const queue = await queueCandidates(openLedger(options.ledger), {
        ...{ event, count, models, signal, describe: await openListener() },
        onProgress: (done, total) => {
          bar.setTotal(Math.max(1, total));
          bar.update(done);
        },
      });
      bar.stop();
      if (queue.length === 0) log.warn(`no undecided clips of ${event} in ${options.ledger}`);
      for (const { path, worth, scores, novelty, disagreement } of queue) {
        const said = scores.length === 0
          ? "no model"
          : `scores ${scores.map((score) => score.toFixed(2)).join(" ")}`;
        print(
          `${path}  worth ${worth.toFixed(2)} (${said}, disagreement ${disagreement.toFixed(2)}, novelty ${
            novelty.toFixed(2)
          })`,
        );
      }
      printJson(
        queue.map(({ entry, ...item }) => ({ ...item, recording: entry.recording, onset: entry.onset })),
      );
    } finally {
      bar.stop();
      for (const model of models) await model.close();
    }
  },
});

/** What the listener hears tells clips apart better than their bands. */
async function openListener(): Promise<DescribeSound | undefined> {
  const listener = await listenerFolder();
  if (listener === undefined) return undefined;
  const { openSoundDescriber } = await import("lib/detect/describe_sound.ts");
  return await openSoundDescriber(listener);
}

async function openModels(dirs: readonly string[], event: string): Promise<ModelScorer[]> {
  if (dirs.some((dir) => basename(dir) === "none")) {
    if (dirs.length > 1) throw new UsageError("--model none goes with no other model");
    return [];
  }
  const usual = join("models", event);
  const isThere = await Deno.stat(join(usual, "manifest.json")).then(() => true, () => false);
  const wanted = dirs.length > 0 ? dirs : isThere ? [usual] : [];
  if (wanted.length === 0) return [];
  const { openModelScorer } = await import("lib/harvest/model_scorer.ts");
  return await Promise.all(wanted.map((dir) => openModelScorer(dir, event)));
}
