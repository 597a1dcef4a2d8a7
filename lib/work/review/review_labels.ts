import { roundTo } from "lib/base/numbers/round_to.ts";
import { LockTimeoutError } from "lib/base/system/lock.ts";
import { currentLabels, undoneIds } from "lib/learning/dataset/current_labels.ts";
import type {
  LabelEntry,
  LabelLedger,
  LabelSource,
  LedgerContent,
  NewLabel,
} from "lib/learning/dataset/label_ledger.ts";
import { undoLabels } from "lib/learning/dataset/undo_labels.ts";
import type { Answer, History } from "lib/work/review/answers.ts";
import type { Scope } from "lib/work/review/leases.ts";
import { ReviewError } from "lib/work/review/review_error.ts";
import { PAGE_COMMAND } from "lib/work/review/label_chains.ts";
import { createWorkLimit } from "lib/work/review/work_limit.ts";

/** A label with an id that the page chose. */
export type ReviewLabel = NewLabel & { readonly id: string };

/** What writing labels gave. */
interface Written {
  readonly entries: readonly LabelEntry[];
  /** False if they stood in the ledger before. */
  readonly written: boolean;
}

/** The ledger as the page uses it: the same request twice is written once. */
export interface ReviewLabels {
  /** That of the ledger: it grows with every line. */
  revision(): Promise<number>;
  /**
   * Adds labels, all or none. They are on the disk when this returns.
   *
   * @param decide Makes the labels from what holds at that moment; throws to add none.
   * @throws {ReviewError} `id-taken` if one of the ids stands there with something else, `busy` if the ledger is locked.
   */
  write(
    ids: readonly string[],
    decide: (content: LedgerContent, current: readonly LabelEntry[]) => readonly ReviewLabel[],
    isSame: (entry: LabelEntry, index: number) => boolean,
  ): Promise<Written>;
  /**
   * Takes labels back, all or none; those that are taken back already count as done. `withCorrected` takes back what they
   * correct, too, which would hold again.
   * @returns How many were taken back now.
   */
  undo(
    ids: readonly string[],
    mayUndo: (entry: LabelEntry) => boolean,
    options?: { readonly withCorrected?: boolean },
  ): Promise<number>;
  readonly source: LabelSource;
}

/** @param by Who labels; may be empty. */
export function createReviewLabels(ledger: LabelLedger, by: string): ReviewLabels {
  const source: LabelSource = { kind: "person", ...(by && { name: by }), command: PAGE_COMMAND };
  // One after the other, so that they do not wait for each other's lock, which is looked at from time to time only.
  const turn = createWorkLimit(1, 1000);
  const inTurn = <T>(work: () => Promise<T>) => turn.run(() => orBusy(work()));
  return {
    source,
    revision: ledger.revision,
    async write(ids, decide, isSame) {
      let known: LabelEntry[] = [];
      const entries = await inTurn(() =>
        ledger.update((content, current) => {
          const byId = new Map(content.entries.map((entry) => [entry.id, entry]));
          const undos = new Set(content.undos.map(({ id }) => id));
          known = ids.flatMap((id) => byId.get(id) ?? []);
          if (known.length === ids.length && known.every(isSame)) return [];
          if (known.length > 0 || ids.some((id) => undos.has(id))) {
            throw new ReviewError("id-taken", "this id stands in the ledger with another label");
          }
          return decide(content, current);
        })
      );
      return entries.length > 0 ? { entries, written: true } : { entries: known, written: false };
    },
    async undo(ids, mayUndo, { withCorrected = false } = {}) {
      // Another program may take one of them back between looking and writing.
      for (let attempt = 0;; attempt++) {
        const { entries, undos } = await ledger.entries();
        const undone = undoneIds(undos);
        const wanted = new Set(withCorrected ? withWhatTheyCorrect(entries, ids) : ids);
        const found = entries.filter(({ id }) => wanted.has(id));
        if (found.length < wanted.size) {
          throw new ReviewError("not-found", "there is no such label to take back");
        }
        if (!found.every(mayUndo)) throw new ReviewError("forbidden", "this label belongs to something else");
        // The latest first, so that corrections go before what they correct.
        const open = found.filter(({ id }) => !undone.has(id)).map(({ id }) => id).reverse();
        if (open.length === 0) return 0;
        try {
          return (await inTurn(() => undoLabels(ledger, open, source))).undos.length;
        } catch (error) {
          if (!(error instanceof RangeError) || attempt === 3) throw error;
        }
      }
    },
  };
}

/** Ids with those of all that they correct, however often it was corrected. */
function withWhatTheyCorrect(entries: readonly LabelEntry[], ids: readonly string[]): string[] {
  const corrects = new Map(entries.map(({ id, replaces }) => [id, replaces]));
  const all = new Set(ids);
  // A set that grows while it is walked through gives what is added, too.
  for (const id of all) {
    const corrected = corrects.get(id);
    if (corrected !== undefined) all.add(corrected);
  }
  return [...all];
}

async function orBusy<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    if (!(cause instanceof LockTimeoutError)) throw cause;
    throw new ReviewError("busy", cause.message, { cause });
  }
}

/** A label as the page is told of it. @param start What its times are counted from, in seconds of the recording. */
export function toAnswer({ id, label, onset, offset, time, source }: LabelEntry, start = 0): Answer {
  const { kind, name } = source;
  const shift = (seconds: number) => Math.max(0, roundToMs(seconds - start));
  return {
    id,
    label,
    onset: shift(onset),
    offset: shift(offset),
    time,
    source: { kind, ...(name === undefined ? {} : { name }) },
  };
}

/** Milliseconds are as fine as anybody labels. */
export const roundToMs = (seconds: number): number => roundTo(seconds, 3);

/** Steps of the page that hold, the latest first. @param names Names of the recording, for its scope. */
export function historyOf(
  content: LedgerContent,
  scope: Scope,
  options: { readonly limit: number; readonly names?: ReadonlySet<string> | undefined },
): History {
  const isMine = ({ source, provenance, recording }: LabelEntry) => {
    if (source.command !== PAGE_COMMAND) return false;
    const isClip = typeof provenance?.["item"] === "string";
    return scope === "clips" ? isClip : !isClip && (options.names?.has(recording) ?? false);
  };
  const steps = Map.groupBy(
    currentLabels(content).filter(isMine),
    ({ id, provenance }) => typeof provenance?.["step"] === "string" ? provenance["step"] : id,
  );
  return {
    steps: [...steps.values()].reverse().slice(0, options.limit).map((entries) => {
      const { label, time, provenance } = entries[0]!;
      const item = provenance?.["item"];
      return {
        answers: entries.map(({ id }) => id),
        ...(typeof item === "string" && { item }),
        label,
        time,
      };
    }),
  };
}
