import { errorMessage } from "lib/base/system/error_message.ts";
import { synthesizeChat } from "lib/learning/synthesis/chatters.ts";
import { DEFAULT_HARVEST } from "lib/work/harvest/harvest_options.ts";
import { type ContestFigures, type ContestResult, runContest } from "lib/work/harvest/mention_contest.ts";
import { openModelScorer } from "lib/work/harvest/model_scorer.ts";
import type { BenchContext } from "tasks/bench/bench_context.ts";
import { type KnownStream, readKnown, synthesizeKnown } from "tasks/bench/known_streams.ts";
import type { TableResult } from "tasks/bench/table.ts";
import { twelveClipModel } from "tasks/bench/twelve_clip_model.ts";

/** Where streams, clips and models are. */
interface StreamOptions {
  /** Annotated recordings, or folders of them. */
  readonly streams: readonly string[];
  /** Folder with `<event>-audio` and folders of other sounds. */
  readonly clipFolder: string | undefined;
  /** Folder of models trained from twelve clips; missing ones are trained into it. */
  readonly models: string | undefined;
}

/** Chats that are planted on each stream. */
const CHATS = 3;
/** Mentions of nothing, an hour. */
const FALSE_MENTIONS = 12;
const COMMAND = "!heard";

/**
 * How well mentions lead to sounds. The chat of people who heard the events (late, with slips, several at once, some for
 * nothing, a bot among them) is planted on streams with known events.
 */
export async function benchMentions(context: BenchContext, options: StreamOptions): Promise<TableResult> {
  const { log, signal } = context;
  const rows: (string | number)[][] = [];
  const missing: string[] = [];
  const folder = await Deno.makeTempDir({ prefix: "bench-" });
  try {
    for await (const stream of allStreams(folder, options)) {
      log.info(`mentions: ${stream.name}`);
      const plain = await contestOn(stream, undefined, signal);
      const mentions = plain.reduce((sum, one) => sum + one.mentions, 0);
      const add = (way: string, figures: readonly ContestFigures[]) => {
        const { precision, recall } = joinFigures(figures, stream.truth.length);
        rows.push([stream.name, mentions, way, Number(precision.toFixed(3)), Number(recall.toFixed(3))]);
      };
      add("loudest sample", plain.map(({ loudest }) => loudest));
      add("first candidate, no model", plain.map(({ first }) => first));
      add("one of five, no model", plain.map(({ anyOfFive }) => anyOfFive));
      if (options.models === undefined) continue;
      try {
        const model = await twelveClipModel(stream, options.models, signal);
        const heard = await contestOn(stream, model, signal);
        add("first candidate, model of 12 clips", heard.map(({ first }) => first));
        add("probable first candidate, model of 12 clips", heard.map(({ sure }) => sure));
      } catch (error) {
        signal.throwIfAborted();
        missing.push(`${stream.name} with a model: ${errorMessage(error)}`);
      }
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  if (options.streams.length === 0) missing.push("streams of your own: name annotated ones with --streams");
  if (options.models === undefined) {
    missing.push("models of twelve clips: name a folder for them with --models");
  }
  return {
    section: "mentions",
    title: `places that chat leads to, of ${CHATS} chats on each stream; right within 1 s of an event`,
    columns: ["stream", "mentions", "way", "precision", "recall"],
    rows,
    missing,
  };
}

async function* allStreams(
  folder: string,
  { streams, clipFolder }: StreamOptions,
): AsyncGenerator<KnownStream> {
  yield* synthesizeKnown(folder);
  yield* readKnown(streams, clipFolder);
}

async function contestOn(
  { name, event, truth, sound }: KnownStream,
  modelDir: string | undefined,
  signal: AbortSignal,
): Promise<ContestResult[]> {
  const model = modelDir === undefined ? undefined : await openModelScorer(modelDir, event);
  try {
    const results: ContestResult[] = [];
    for (let chat = 0; chat < CHATS; chat++) {
      const messages = synthesizeChat(truth, {
        seed: `${name} ${chat}`,
        durationSeconds: sound.span.end,
        command: COMMAND,
        falseAlarmsPerHour: FALSE_MENTIONS,
        bot: "counting_bot",
      });
      results.push(
        await runContest(sound, messages, truth, {
          command: COMMAND,
          minProbability: DEFAULT_HARVEST.minProbability,
          scoreSound: model?.scoreSound,
          signal,
        }),
      );
    }
    return results;
  } finally {
    await model?.close();
  }
}

/** Precision and recall of several chats on one stream together. */
export function joinFigures(
  figures: readonly ContestFigures[],
  events: number,
): { readonly precision: number; readonly recall: number } {
  const sum = (pick: (one: ContestFigures) => number) => figures.reduce((all, one) => all + pick(one), 0);
  return {
    precision: sum((one) => one.right) / sum((one) => one.given),
    recall: sum((one) => one.eventsFound) / (events * figures.length),
  };
}
