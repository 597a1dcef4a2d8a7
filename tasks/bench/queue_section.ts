import { createRandom } from "lib/base/numbers/random.ts";
import { synthesizeChat } from "lib/learning/synthesis/chatters.ts";
import { embedClips, type SoundDescriber } from "lib/learning/train/clip_embeddings.ts";
import { loadEngine } from "lib/learning/train/engine.ts";
import { openDescriber } from "lib/learning/train/open_describer.ts";
import { createCommandMatcher } from "lib/media/chat/commands.ts";
import { findMentions } from "lib/media/chat/mentions.ts";
import { clipSpan } from "lib/work/harvest/clip_span.ts";
import { cutSamples } from "lib/work/harvest/cut_clip.ts";
import { findCandidates } from "lib/work/harvest/find_candidates.ts";
import type { BenchContext } from "tasks/bench/bench_context.ts";
import { type KnownStream, readKnown } from "tasks/bench/known_streams.ts";
import {
  byChance,
  byQueue,
  drawStart,
  f1At,
  type LabelledSound,
  type LearningPoint,
  learnStepwise,
  ROUND,
} from "tasks/bench/labels_needed.ts";
import type { TableResult } from "tasks/bench/table.ts";

/** Labels in random order whose F1 the queue has to reach. */
const LABELS = [30, 60, 120];
const RUNS = 10;
const COMMAND = "!heard";

/**
 * How many labels the queue saves. Candidates that a harvest would cut out of one stream are labelled, in random order
 * and in that of the queue, and a linear classifier on embeddings of `models/base` learns from them; F1 is measured on the
 * candidates of another stream with the same event. Training the network itself after each round would take hours.
 */
export async function benchQueue(
  { log, signal }: BenchContext,
  { streams, trunk: trunkDir }: { readonly streams: readonly string[]; readonly trunk: string },
): Promise<TableResult> {
  const rows: (string | number)[][] = [];
  const missing: string[] = [];
  const sounds = new Map<string, Map<string, LabelledSound[]>>();
  if (streams.length > 0) {
    const describer = await openDescriber(trunkDir, loadEngine);
    for await (const stream of readKnown(streams, undefined)) {
      log.info(`queue: ${stream.name}`);
      const own = sounds.get(stream.event) ?? new Map<string, LabelledSound[]>();
      sounds.set(stream.event, own.set(stream.name, await candidatesOf(stream, describer, signal)));
    }
  }
  for (const [event, own] of sounds) {
    // The larger one is labelled.
    const [pool, test] = [...own].toSorted(([, a], [, b]) => b.length - a.length);
    if (!pool || !test) {
      missing.push(`${event}: F1 is measured on a second stream, and there is but one`);
      continue;
    }
    for (const row of compareOrders(pool[1], test[1])) rows.push([pool[0], pool[1].length, test[0], ...row]);
  }
  if (streams.length === 0) missing.push("streams: name annotated ones with --streams, two for each event");
  return {
    section: "queue",
    title: `labels needed for the same F1, mean of ${RUNS} runs; linear classifier on embeddings`,
    columns: [
      "labelled",
      "candidates",
      "measured on",
      "labels at random",
      "F1",
      "labels by queue",
      "F1 by queue",
    ],
    rows,
    missing,
  };
}

function compareOrders(
  pool: readonly LabelledSound[],
  test: readonly LabelledSound[],
): (string | number)[][] {
  const most = Math.min(LABELS.at(-1)!, pool.length);
  const runs = Array.from({ length: RUNS }, (_, run) => {
    const random = createRandom(`queue ${run}`);
    const job = { pool, test, start: drawStart(pool, random.fork("start")), most };
    return {
      chance: learnStepwise({ ...job, order: byChance(random.fork("order")) }),
      queue: learnStepwise({ ...job, order: byQueue }),
    };
  });
  const mean = (pick: (run: (typeof runs)[number]) => LearningPoint[], labels: number) =>
    runs.reduce((sum, run) => sum + f1At(pick(run), labels), 0) / RUNS;
  return LABELS.filter((labels) => labels <= most).map((labels) => {
    const goal = mean(({ chance }) => chance, labels);
    let needed: number = ROUND;
    while (needed < most && mean(({ queue }) => queue, needed) < goal) needed++;
    const reached = mean(({ queue }) => queue, needed) >= goal;
    const atSame = mean(({ queue }) => queue, labels);
    return [
      labels,
      Number(goal.toFixed(3)),
      reached ? String(needed) : `above ${most}`,
      Number(atSame.toFixed(3)),
    ];
  });
}

/** What a harvest without a model would cut: the first five candidates of each mention, each sound once. */
async function candidatesOf(
  { name, truth, sound }: KnownStream,
  describer: SoundDescriber,
  signal: AbortSignal,
): Promise<LabelledSound[]> {
  const chat = synthesizeChat(truth, { seed: name, durationSeconds: sound.span.end, command: COMMAND });
  const { mentions } = await findMentions(chat, createCommandMatcher(COMMAND));
  const clips: { name: string; samples: Float32Array; onset: number; positive: boolean }[] = [];
  for (const mention of mentions) {
    const { sound: heard, candidates } = await findCandidates(sound, mention, { keep: 5, signal });
    for (const { onset, offset } of heard ? candidates : []) {
      if (clips.some((clip) => Math.abs(clip.onset - onset) < 0.75)) continue;
      const positive = truth.some((event) =>
        onset >= event.onset - 1 && onset <= event.offset && offset >= event.onset
      );
      const samples = cutSamples(heard!, clipSpan({ onset, offset }));
      clips.push({ name: `${name} ${onset}`, samples, onset, positive });
    }
  }
  const embeddings = await embedClips(describer, clips, { signal });
  return clips.map(({ positive }, index) => ({ positive, embedding: embeddings[index]! }));
}
