/**
 * Measures how well chat mentions lead to sounds. Plants the chat of people who heard the events (late, with typos, several
 * at once, some for nothing, a bot among them) on recordings with known events, and prints precision and recall of the
 * first candidate beside those of the loudest sample.
 *
 * Takes a folder of recordings with annotations beside them (`a.m4a` and `a.csv`):
 *
 *     deno run --allow-read --allow-env --allow-run --allow-ffi --allow-sys tasks/bench/mention_contest.ts FOLDER
 */
import { basename } from "node:path";
import { annotationsBeside, readEventFile } from "lib/evaluate/event_files.ts";
import { expandInputs } from "lib/audio/inputs.ts";
import { openLocalSound } from "lib/harvest/recording_sound.ts";
import { type ContestFigures, type ContestResult, runContest } from "lib/harvest/mention_contest.ts";
import { openModelScorer } from "lib/harvest/model_scorer.ts";
import { synthesizeChat } from "lib/synthesis/chatters.ts";
import { DEFAULT_HARVEST } from "lib/harvest/harvest_options.ts";
import { defineCommand, runAsMain } from "tasks/command.ts";

/** Measures on every annotated recording of the folders. */
export const contest = defineCommand({
  name: "mention_contest",
  summary: "measures how well chat mentions lead to sounds",
  positionals: { name: "RECORDING", help: "annotated recordings, or folders of them", min: 1 },
  options: {
    only: { type: "string", value: "REGEX", default: ".", help: "names of the recordings to take" },
    seeds: { type: "integer", min: 1, default: 3, help: "chats that are planted on each recording" },
    falseMentions: { type: "number", min: 0, default: 12, value: "N", help: "mentions for nothing, an hour" },
    lookBack: { type: "number", default: DEFAULT_HARVEST.lookBack, help: "seconds before the first message" },
    model: { type: "string", path: true, value: "DIR", help: "a model as a further witness" },
    event: { type: "string", help: "what the model calls the sound; by default the annotations' label" },
    minProbability: { type: "number", default: DEFAULT_HARVEST.minProbability, help: "what counts as sure" },
    falseOdds: { type: "number", help: "odds that one message is about nothing" },
    salienceWeight: { type: "number", help: "what ten decibels of salience are worth" },
    levelWeight: { type: "number", help: "what ten decibels of level are worth" },
    modelWeight: { type: "number", help: "what the model's odds are worth" },
  },
  examples: [["mention_contest.ts streams --only val", "all recordings with val in their names"]],
  run: async ({ options, positionals, print, printJson, log, signal }) => {
    const recordings = (await expandInputs(positionals)).filter((path) =>
      new RegExp(options.only).test(basename(path))
    );
    for (const path of recordings) {
      const annotations = await annotationsBeside(path);
      const truth = annotations ? await readEventFile(annotations) : [];
      if (truth.length === 0) continue;
      const label = options.event ?? truth[0]!.label;
      const model = options.model === undefined ? undefined : await openModelScorer(options.model, label);
      const sound = await openLocalSound(path, { signal });
      const rows: ContestResult[] = [];
      for (let seed = 0; seed < options.seeds; seed++) {
        const messages = synthesizeChat(truth, {
          seed: `${basename(path)} ${seed}`,
          durationSeconds: sound.span.end,
          command: "!burp",
          falseAlarmsPerHour: options.falseMentions,
          bot: "burp_bot",
        });
        rows.push(
          await runContest(sound, messages, truth, {
            command: "!burp",
            minProbability: options.minProbability,
            lookBack: options.lookBack,
            signal,
            ...(options.falseOdds === undefined ? {} : { falseMentionOdds: options.falseOdds }),
            ...(options.salienceWeight === undefined ? {} : { salienceWeight: options.salienceWeight }),
            ...(options.levelWeight === undefined ? {} : { levelWeight: options.levelWeight }),
            ...(options.modelWeight === undefined ? {} : { modelWeight: options.modelWeight }),
            scoreSound: model?.scoreSound,
          }),
        );
      }
      await model?.close();
      const sum = (pick: (row: (typeof rows)[number]) => number) =>
        rows.reduce((all, row) => all + pick(row), 0);
      print(
        `${basename(path)}: ${rows.length} chats, ${sum((row) => row.mentions)} mentions of ${
          sum((row) => row.events)
        } events, ${sum((row) => row.answerable)} with an event in their window`,
      );
      for (const way of ["loudest", "first", "sure", "anyOfFive"] as const) {
        print(`  ${way.padEnd(10)} ${describe(rows.map((row) => row[way]), sum((row) => row.events))}`);
      }
      log.debug(calibration(rows.flatMap((row) => row.firsts)));
      printJson({ recording: basename(path), rows });
    }
  },
});

function describe(figures: readonly ContestFigures[], events: number): string {
  const sum = (pick: (one: ContestFigures) => number) => figures.reduce((all, one) => all + pick(one), 0);
  const precision = sum((one) => one.right) / sum((one) => one.given);
  const recall = sum((one) => one.eventsFound) / events;
  return `precision ${precision.toFixed(3)} (${sum((one) => one.right)} of ${sum((one) => one.given)})   ` +
    `recall ${recall.toFixed(3)}`;
}

function calibration(firsts: readonly { candidate: { probability: number }; right: boolean }[]): string {
  return [0, 0.2, 0.4, 0.6, 0.8].map((low) => {
    const group = firsts.filter(({ candidate: { probability } }) =>
      probability >= low && probability < low + 0.2
    );
    return `${low} to ${(low + 0.2).toFixed(1)}: ${
      group.filter((one) => one.right).length
    } of ${group.length} right`;
  }).join("; ");
}

if (import.meta.main) await runAsMain(contest);
