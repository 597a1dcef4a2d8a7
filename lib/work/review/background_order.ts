import type { Clock } from "lib/base/system/clock.ts";
import type { LabelLedger } from "lib/learning/dataset/label_ledger.ts";
import type { DiskCache } from "lib/base/system/disk_cache.ts";
import { hearFiles } from "lib/work/review/heard_clips.ts";
import {
  type ComparingOptions,
  inLabelOrder,
  isUnknown,
  type ItemWorth,
  labelledPlaces,
  worthOfLabels,
} from "lib/work/review/label_order.ts";
import type { ReviewItem } from "lib/work/review/review_items.ts";
import type { FileScope } from "lib/work/review/file_scope.ts";
import { createWorkLimit } from "lib/work/review/work_limit.ts";
import type { ClipHearing } from "lib/work/review/clip_hearing.ts";

/** How far sounds have been compared that are to be put into order. */
interface Comparing {
  readonly done: number;
  readonly total: number;
}

/** Sounds in the order in which to label them, as far as it is known. */
export interface OrderedItems {
  readonly items: readonly ReviewItem[];
  /** Absent once the order is final. */
  readonly comparing?: Comparing;
}

/** Puts sounds into the order in which to label them. */
export interface LabelOrder {
  /** What is known soon; sounds are compared in the background, and the order is another one afterwards. */
  now(items: readonly ReviewItem[]): Promise<OrderedItems>;
  /** What labels of unknown sounds are worth, most first. */
  worth(
    items: readonly ReviewItem[],
    options?: Omit<ComparingOptions, "hear" | "labelled">,
  ): Promise<ReadonlyMap<string, ItemWorth>>;
  /** Does work that somebody waits for while the background stands still, which else would come in between at every step. */
  before<T>(work: () => Promise<T>): Promise<T>;
  /** Ends what is under way, and closes the models. */
  close(): Promise<void>;
}

/** What an order goes by. */
interface LabelOrderOptions {
  readonly ledger: LabelLedger;
  readonly events: readonly string[];
  readonly hearing: () => Promise<ClipHearing>;
  readonly scope: FileScope;
  readonly cache: DiskCache;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Longest time that a page waits for an order, in milliseconds. */
const PATIENCE_MS = 500;

/** Opens the order in which to label, for a page and for commands alike; models are opened when they are needed. */
export function createLabelOrder(options: LabelOrderOptions): LabelOrder {
  const { ledger, events, scope, cache, clock } = options;
  let hearing: Promise<ClipHearing> | undefined;
  let worth: ReadonlyMap<string, ItemWorth> = new Map();
  let finishedKey: string | undefined;
  let running: { readonly done: Promise<void>; progress: Comparing } | undefined;
  let failure: { readonly error: unknown } | undefined;

  const urgent = createWorkLimit(Infinity, 0);
  const breathe = async () => {
    await new Promise((resolve) => setTimeout(resolve, 0));
    await urgent.idle();
  };
  const start = (key: string, items: readonly ReviewItem[]) => {
    const onProgress = (done: number, total: number) => job.progress = { done, total };
    const work = async () => {
      // Whoever has asked is told how far it is before any work.
      await clock.sleep(0, options.signal);
      worth = await order.worth(items, { signal: options.signal, onProgress, breathe });
      finishedKey = key;
    };
    const job = { progress: { done: 0, total: 0 }, done: Promise.resolve() };
    job.done = work().catch((error) => void (failure = { error })).finally(() => running = undefined);
    running = job;
  };

  const order: LabelOrder = {
    async worth(items, comparing = {}) {
      const labelled = labelledPlaces(await ledger.entries(), { events, ledger });
      hearing ??= options.hearing();
      const hear = hearFiles(await hearing, { scope, cache });
      return await worthOfLabels(items, { ...comparing, hear, labelled });
    },
    async now(items) {
      // Answers change what is new to a model, too.
      const key = items.map((item) => `${item.id} ${isUnknown(item)}`).join();
      if (key !== finishedKey && !running) start(key, items);
      if (running) {
        const enough = new AbortController();
        await Promise.race([running.done, clock.sleep(PATIENCE_MS, enough.signal).catch(() => {})]);
        enough.abort();
      }
      if (failure) {
        const { error } = failure;
        failure = undefined;
        throw error;
      }
      return { items: inLabelOrder(items, worth), ...(running && { comparing: running.progress }) };
    },
    before: (work) => urgent.run(work),
    async close() {
      await running?.done;
      await hearing?.then((open) => open.close(), () => {});
    },
  };
  return order;
}
