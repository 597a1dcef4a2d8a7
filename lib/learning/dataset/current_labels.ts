import type { LabelEntry } from "lib/learning/dataset/label_entry.ts";
import type { LedgerContent } from "lib/learning/dataset/ledger_text.ts";

/**
 * The labels that hold: all entries but those that an undo took back and those that a label that holds corrects. Taking
 * back a correction brings back what it corrected; taking back an undo brings back what that took back.
 *
 * @returns In the order in which they were written.
 */
export function currentLabels({ entries, undos }: Pick<LedgerContent, "entries" | "undos">): LabelEntry[] {
  const undone = undoneIds(undos);
  const standing = entries.filter((entry) => !undone.has(entry.id));
  const replaced = new Set(standing.flatMap((entry) => entry.replaces ?? []));
  return standing.filter((entry) => !replaced.has(entry.id));
}

/** Ids of the entries and undos that are taken back. */
export function undoneIds(undos: LedgerContent["undos"]): Set<string> {
  const undone = new Set<string>();
  // An undo comes after what it takes back, so that from the end on it is known which undos still count.
  for (const undo of undos.toReversed()) if (!undone.has(undo.id)) undone.add(undo.undoes);
  return undone;
}
