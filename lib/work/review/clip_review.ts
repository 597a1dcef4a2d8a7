import type { LabelLedger } from "lib/learning/dataset/label_ledger.ts";
import type { LabelEntry, LedgerContent } from "lib/learning/dataset/label_ledger.ts";
import { isNewAnswer } from "lib/learning/dataset/new_answers.ts";
import type {
  AnswerResult,
  ClipSource,
  NewAnswer,
  Progress,
  Queue,
  UndoResult,
} from "lib/work/review/answers.ts";
import type { LabelOrder, OrderedItems } from "lib/work/review/background_order.ts";
import { ReviewError } from "lib/work/review/review_error.ts";
import { personLabel } from "lib/work/review/label_chains.ts";
import { type ReviewLabel, type ReviewLabels, roundToMs, toAnswer } from "lib/work/review/review_labels.ts";
import { createPace } from "lib/work/review/pace.ts";
import { collectItems, type ItemSources, type ReviewItem } from "lib/work/review/review_items.ts";

/** The review of clips: what there is, in which order, and what was answered. */
export interface ClipReview {
  /** The queue of a source as it is now. */
  queue(source: ClipSource): Promise<Queue>;
  /** How many clips each source has. */
  counts(): Promise<{ source: Exclude<ClipSource, "queue">; total: number; left: number }[]>;
  /** @throws {ReviewError} If there is no such clip. */
  item(id: string): Promise<ReviewItem>;
  /** Writes an answer; it is on the disk when this returns. @throws {ReviewError} If another one was given meanwhile. */
  answer(request: NewAnswer): Promise<AnswerResult>;
  /**
   * Takes answers back, all or none.
   * @throws {ReviewError} If one of them is no label of a clip.
   */
  undo(answers: readonly string[]): Promise<UndoResult>;
}

/** What a review needs. */
interface ClipReviewOptions extends ItemSources {
  readonly ledger: LabelLedger;
  readonly labels: ReviewLabels;
  /** The order of all clips together. */
  readonly order: Pick<LabelOrder, "now" | "before">;
  readonly source: ClipSource;
  /** When a model was last trained, in milliseconds since 1970. */
  readonly lastTrainingMs: () => Promise<number>;
}

export function createClipReview(options: ClipReviewOptions): ClipReview {
  const { ledger, labels } = options;
  let items = new Map<string, ReviewItem>();
  /** Lines of the ledger, and its size, that `items` are made of. */
  let known: { readonly lines: number; readonly revision: number } | undefined;
  let loading: Promise<void> | undefined;
  /** The order of a list stays as it was first asked for. */
  const orders = new Map<ClipSource, string[]>();
  const pace = createPace();
  let lastSource = options.source;
  let trainedMs = 0;

  const rebuild = async () => {
    const revision = await labels.revision();
    const content = await ledger.entries();
    items = new Map((await collectItems(content, options)).map((item) => [item.id, item]));
    pace.reset([...items.values()].flatMap(({ answer }) => answer ? [Date.parse(answer.time)] : []));
    known = { lines: lineCount(content), revision };
  };
  const load = async (anew = false) => {
    if (!anew && known && known.revision === await labels.revision()) return;
    // One reading at a time, whoever asks.
    loading ??= options.order.before(rebuild).finally(() => loading = undefined);
    await loading;
  };
  const membersOf = (source: ClipSource): ReviewItem[] => {
    const members = [...items.values()].filter((item) => source === "queue" || item.sources.includes(source));
    if (source === "queue") return members;
    const ids = orders.get(source) ?? members.map(({ id }) => id);
    orders.set(source, ids);
    const listed = new Set(ids);
    for (const { id } of members) if (!listed.has(id)) ids.push(id);
    const present = new Set(members.map(({ id }) => id));
    return ids.filter((id) => present.has(id)).map((id) => items.get(id)!);
  };
  const progressOf = (members: readonly ReviewItem[]): Progress => {
    const answered = members.filter(({ answer }) => answer).length;
    const left = members.length - answered;
    const perMinute = pace.perMinute();
    const untrained = [...items.values()]
      .filter(({ answer }) => answer && isNewAnswer(answer, options.events, trainedMs)).length;
    return {
      total: members.length,
      answered,
      left,
      ...(untrained > 0 && { untrained }),
      ...(perMinute === undefined
        ? {}
        : { perMinute: Number(perMinute.toFixed(1)), secondsLeft: Math.round(60 * left / perMinute) }),
    };
  };
  const progress = () => progressOf(membersOf(lastSource));

  return {
    async queue(source) {
      // What was found since is looked for whenever the page asks anew.
      await load(true);
      trainedMs = await options.lastTrainingMs();
      lastSource = source;
      const listed = membersOf(source);
      const ordered: OrderedItems = source === "queue" ? await options.order.now(listed) : { items: listed };
      return {
        source,
        revision: known!.revision,
        progress: progressOf(listed),
        ...(ordered.comparing && { comparing: ordered.comparing }),
        items: ordered.items.map(({ id, answer }) => ({
          id,
          ...(answer && { answer: answer.id, label: answer.label }),
        })),
      };
    },
    async counts() {
      await load();
      return (["ledger", "unconfirmed", "found", "bot"] as const).map((source) => {
        const members = [...items.values()].filter((item) => item.sources.includes(source));
        return { source, total: members.length, left: members.filter(({ answer }) => !answer).length };
      });
    },
    async item(id) {
      await load();
      return items.get(id) ?? notThere();
    },
    async answer(request) {
      await load();
      const item = items.get(request.item) ?? notThere();
      let lines = -1;
      const onset = roundToMs(item.start + (request.onset ?? item.onset - item.start));
      const offset = roundToMs(item.start + (request.offset ?? item.offset - item.start));
      const { entries, written } = await labels.write([request.id], (content, current) => {
        lines = lineCount(content);
        const holding = labelsOf(item, current);
        const answered = personLabel(holding);
        if ((answered?.id ?? null) !== request.replaces) {
          throw new ReviewError(
            "conflict",
            "this clip was labelled elsewhere meanwhile",
            { current: holding.map((entry) => toAnswer(entry, item.start)) },
          );
        }
        const replaces = answered ?? holding.at(-1);
        return [newLabel(item, request, { onset, offset: Math.max(onset, offset) }, replaces, labels.source)];
      }, (entry) => entry.label === request.label && entry.provenance?.["item"] === item.id);
      const entry = entries[0]!;
      if (written) {
        const revision = await labels.revision();
        // Only if nobody else has written is the rest still as it was.
        known = known?.lines === lines ? { lines: lines + 1, revision } : undefined;
        items.set(item.id, { ...item, entries: [...item.entries, entry], answer: entry });
        pace.add(Date.parse(entry.time));
      }
      await load();
      return {
        answer: toAnswer(entry, item.start),
        written,
        revision: known?.revision ?? 0,
        progress: progress(),
      };
    },
    async undo(answers) {
      await load();
      const concerned = new Set<string>();
      const undone = await labels.undo(answers, (entry) => {
        const id = entry.provenance?.["item"];
        if (typeof id !== "string") return false;
        concerned.add(id);
        return true;
      });
      await load();
      return {
        items: [...concerned].flatMap((id) => {
          const item = items.get(id);
          return item ? [{ id, ...(item.answer && { answer: toAnswer(item.answer, item.start) }) }] : [];
        }),
        undone,
        revision: known?.revision ?? 0,
        progress: progress(),
      };
    },
  };
}

/** Labels that hold for an item, also those that were written since its items were read. */
function labelsOf(item: ReviewItem, current: readonly LabelEntry[]): LabelEntry[] {
  const ids = new Set(item.entries.map(({ id }) => id));
  return current.filter((entry) => {
    const isIts = ids.has(entry.id) || entry.provenance?.["item"] === item.id ||
      (item.clip !== undefined && entry.clip === item.clip) ||
      (entry.replaces !== undefined && ids.has(entry.replaces));
    if (isIts) ids.add(entry.id);
    return isIts;
  });
}

function newLabel(
  item: ReviewItem,
  { id, label, tookMs }: NewAnswer,
  place: { readonly onset: number; readonly offset: number },
  replaces: LabelEntry | undefined,
  source: ReviewLabel["source"],
): ReviewLabel {
  // An import can be taken back; the person's answer is not part of it.
  const { import: _import, step: _step, ...before } = item.entries[0]?.provenance ?? {};
  return {
    id,
    recording: item.recording,
    ...place,
    label,
    source,
    ...(item.clip === undefined ? {} : { clip: item.clip }),
    ...(replaces && { replaces: replaces.id }),
    provenance: {
      ...before,
      ...(item.score === undefined ? {} : { score: item.score }),
      item: item.id,
      ...(tookMs === undefined ? {} : { tookMs }),
    },
  };
}

function lineCount({ entries, undos }: LedgerContent): number {
  return entries.length + undos.length;
}

function notThere(): never {
  throw new ReviewError("not-found", "there is no such clip any more");
}
