import type { LabelEntry, LabelLedger, LedgerContent } from "lib/learning/dataset/label_ledger.ts";
import { isNewAnswer } from "lib/learning/dataset/new_answers.ts";
import type { ClipSource, Progress } from "lib/work/review/answers.ts";
import type { LabelOrder } from "lib/work/review/background_order.ts";
import { createPace } from "lib/work/review/pace.ts";
import { collectItems, type ItemSources, type ReviewItem } from "lib/work/review/review_items.ts";

/** The clips that there are to review, by their lists, as the ledger and the found folders say. */
export interface ClipLists {
  /** Reads what has changed; `anew` also looks for what was found since. */
  load(anew?: boolean): Promise<void>;
  /** Revision of the ledger that the lists are made of; 0 while they are to be read again. */
  revision(): number;
  get(id: string): ReviewItem | undefined;
  /** Every clip, in no list's order. */
  all(): ReviewItem[];
  /** The clips of a list; its order stays as it was first asked for, new ones come last. */
  of(source: ClipSource): ReviewItem[];
  /** Makes a list the one whose progress counts. */
  choose(source: ClipSource): Promise<void>;
  /** How far the chosen list is, or other clips. */
  progress(members?: readonly ReviewItem[]): Progress;
  /** Takes in an answer that was written behind so many lines of the ledger. */
  add(item: ReviewItem, answer: LabelEntry, lines: number): Promise<void>;
}

/** What lists are made of. */
export interface ClipListOptions extends ItemSources {
  readonly ledger: LabelLedger;
  /** The order of all clips together, whose work in the background stands still meanwhile. */
  readonly order: Pick<LabelOrder, "before">;
  /** The list that is chosen first. */
  readonly source: ClipSource;
  /** When a model was last trained, in milliseconds since 1970. */
  readonly lastTrainingMs: () => Promise<number>;
}

/** Nothing is read before it is asked for. */
export function createClipLists(options: ClipListOptions): ClipLists {
  const { ledger } = options;
  let items = new Map<string, ReviewItem>();
  /** Lines of the ledger, and its size, that `items` are made of. */
  let known: { readonly lines: number; readonly revision: number } | undefined;
  let loading: Promise<void> | undefined;
  /** The order of a list stays as it was first asked for. */
  const orders = new Map<ClipSource, string[]>();
  const pace = createPace();
  let chosen = options.source;
  let trainedMs = 0;

  const rebuild = async () => {
    const revision = await ledger.revision();
    const content = await ledger.entries();
    items = new Map((await collectItems(content, options)).map((item) => [item.id, item]));
    pace.reset([...items.values()].flatMap(({ answer }) => answer ? [Date.parse(answer.time)] : []));
    known = { lines: lineCount(content), revision };
  };
  const load = async (anew = false) => {
    if (!anew && known && known.revision === await ledger.revision()) return;
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
  return {
    load,
    progress: (members = membersOf(chosen)) => progressOf(members),
    revision: () => known?.revision ?? 0,
    get: (id) => items.get(id),
    all: () => [...items.values()],
    of: membersOf,
    async choose(source) {
      trainedMs = await options.lastTrainingMs();
      chosen = source;
    },
    async add(item, answer, lines) {
      const revision = await ledger.revision();
      // Only if nobody else has written is the rest still as it was.
      known = known?.lines === lines ? { lines: lines + 1, revision } : undefined;
      items.set(item.id, { ...item, entries: [...item.entries, answer], answer });
      pace.add(Date.parse(answer.time));
    },
  };
}

/** Lines of a ledger. */
export function lineCount({ entries, undos }: LedgerContent): number {
  return entries.length + undos.length;
}
