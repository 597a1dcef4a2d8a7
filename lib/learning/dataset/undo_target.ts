import { isDeepStrictEqual } from "node:util";
import { currentLabels, undoneIds } from "lib/learning/dataset/current_labels.ts";
import type { LabelEntry, LabelSource } from "lib/learning/dataset/label_entry.ts";
import type { LedgerContent } from "lib/learning/dataset/ledger_text.ts";

/**
 * What to take back: an entry by its id, several, or the last labels that hold, of everybody or of one source only (a
 * person's "undo" must not take back what the bot has just written), or of one import.
 */
export type UndoTarget =
  | string
  | readonly string[]
  | { readonly last: number; readonly from?: Partial<Pick<LabelSource, "kind" | "name">> | undefined }
  | { readonly import: string };

/**
 * Ids of the lines to take back, newest first.
 *
 * @throws {RangeError} If an id is not in the ledger or is taken back already, or a count is no whole number above 0.
 */
export function selectForUndo(content: LedgerContent, target: UndoTarget): string[] {
  if (typeof target === "object" && "last" in target) {
    const { last, from } = target;
    if (!Number.isInteger(last) || last < 1) {
      throw new RangeError(`Cannot undo ${last} labels: it must be a whole number above 0`);
    }
    const chosen = currentLabels(content).filter((entry) => isFrom(entry, from)).slice(-last);
    return withMoves(chosen, content);
  }
  if (typeof target === "object" && "import" in target) {
    const ids = withMoves(
      currentLabels(content).filter((entry) => entry.provenance?.["import"] === target.import),
      content,
    );
    if (ids.length === 0) throw new RangeError(`Cannot undo the import ${target.import}: none of it holds`);
    return ids;
  }
  const ids = typeof target === "string" ? [target] : [...new Set(target)];
  const known = new Set([...content.entries, ...content.undos].map((entry) => entry.id));
  const undone = undoneIds(content.undos);
  for (const id of ids) {
    if (!known.has(id)) throw new RangeError(`Cannot undo ${id}: it is not in the ledger`);
    if (undone.has(id)) throw new RangeError(`Cannot undo ${id}: it is taken back already`);
  }
  return ids;
}

/**
 * Labels with the lines that they replace and that say the same, newest first: moving a clip to the folder of its label
 * writes a line, too, and taking back that one alone would leave the label standing.
 */
function withMoves(labels: readonly LabelEntry[], { entries }: LedgerContent): string[] {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  return labels.toReversed().flatMap((label) => {
    const ids = [label.id];
    let newer = label;
    for (let older = byId.get(newer.replaces ?? ""); older && isMove(older, newer);) {
      ids.push(older.id);
      newer = older;
      older = byId.get(newer.replaces ?? "");
    }
    return ids;
  });
}

function isMove(older: LabelEntry, newer: LabelEntry): boolean {
  const { id: _a, time: _b, clip: _c, replaces: _d, ...before } = older;
  const { id: _e, time: _f, clip: _g, replaces: _h, ...after } = newer;
  return isDeepStrictEqual(before, after);
}

function isFrom({ source }: LabelEntry, from: Partial<Pick<LabelSource, "kind" | "name">> = {}): boolean {
  return (from.kind === undefined || source.kind === from.kind) &&
    (from.name === undefined || source.name === from.name);
}
