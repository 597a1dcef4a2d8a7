import type { LabelEntry } from "lib/learning/dataset/label_ledger.ts";
import type { AnswerResult, ClipSource, NewAnswer, Queue, UndoResult } from "lib/work/review/answers.ts";
import type { LabelOrder, OrderedItems } from "lib/work/review/background_order.ts";
import { type ClipListOptions, createClipLists, lineCount } from "lib/work/review/clip_lists.ts";
import { ReviewError } from "lib/work/review/review_error.ts";
import { personLabel } from "lib/work/review/label_chains.ts";
import { type ReviewLabel, type ReviewLabels, roundToMs, toAnswer } from "lib/work/review/review_labels.ts";
import type { ReviewItem } from "lib/work/review/review_items.ts";

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
interface ClipReviewOptions extends ClipListOptions {
  readonly labels: ReviewLabels;
  readonly order: LabelOrder;
}

/** Nothing is read before it is asked for. */
export function createClipReview(options: ClipReviewOptions): ClipReview {
  const { labels } = options;
  const lists = createClipLists(options);
  return {
    async queue(source) {
      // What was found since is looked for whenever the page asks anew.
      await lists.load(true);
      await lists.choose(source);
      const listed = lists.of(source);
      const ordered: OrderedItems = source === "queue" ? await options.order.now(listed) : { items: listed };
      return {
        source,
        revision: lists.revision(),
        progress: lists.progress(listed),
        ...(ordered.comparing && { comparing: ordered.comparing }),
        items: ordered.items.map(({ id, answer }) => ({
          id,
          ...(answer && { answer: answer.id, label: answer.label }),
        })),
      };
    },
    async counts() {
      await lists.load();
      return (["ledger", "unconfirmed", "found", "bot"] as const).map((source) => {
        const members = lists.all().filter((item) => item.sources.includes(source));
        return { source, total: members.length, left: members.filter(({ answer }) => !answer).length };
      });
    },
    async item(id) {
      await lists.load();
      return lists.get(id) ?? notThere();
    },
    async answer(request) {
      await lists.load();
      const item = lists.get(request.item) ?? notThere();
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
      if (written) await lists.add(item, entry, lines);
      await lists.load();
      return {
        answer: toAnswer(entry, item.start),
        written,
        revision: lists.revision(),
        progress: lists.progress(),
      };
    },
    async undo(answers) {
      await lists.load();
      const concerned = new Set<string>();
      const undone = await labels.undo(answers, (entry) => {
        const id = entry.provenance?.["item"];
        if (typeof id !== "string") return false;
        concerned.add(id);
        return true;
      });
      await lists.load();
      return {
        items: [...concerned].flatMap((id) => {
          const item = lists.get(id);
          return item ? [{ id, ...(item.answer && { answer: toAnswer(item.answer, item.start) }) }] : [];
        }),
        undone,
        revision: lists.revision(),
        progress: lists.progress(),
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

function notThere(): never {
  throw new ReviewError("not-found", "there is no such clip any more");
}
