import { contradict, createLabelIndex, isSamePlace } from "lib/learning/dataset/label_conflicts.ts";
import type { LabelEntry, NewLabel } from "lib/learning/dataset/label_entry.ts";

/** A label that was not added, and the one that says otherwise. */
export interface ImportConflict {
  readonly incoming: NewLabel;
  /** In the ledger, or, where it has no id, among those that were to be added with it. */
  readonly against: LabelEntry | NewLabel;
}

/** What becomes of labels that are to be added. */
export interface ImportPlan {
  /** To be appended. */
  readonly add: readonly NewLabel[];
  /** Of these, those that correct an entry. */
  readonly corrections: number;
  /** Said by the ledger already. */
  readonly known: number;
  /** Left out until somebody decides. */
  readonly conflicts: readonly ImportConflict[];
}

/**
 * Compares labels with the ledger. What it says already is left out. A person corrects a model, a chat and an import;
 * what persons, or two labels of the same kind, disagree about is a conflict that is not settled here.
 *
 * @param current The labels that hold.
 * @param incoming One with `replaces` stands for an entry whose clip was moved.
 * @param options `correct` lets the new labels win over every older one.
 */
export function planImport(
  current: readonly LabelEntry[],
  incoming: readonly NewLabel[],
  options: { readonly correct?: boolean } = {},
): ImportPlan {
  const index = createLabelIndex<LabelEntry | NewLabel>(current);
  const byId = new Map(current.map((entry) => [entry.id, entry]));
  const add = new Set<NewLabel>();
  const conflicts: ImportConflict[] = [];
  let known = 0;
  for (const label of incoming) {
    const moved = label.replaces === undefined ? undefined : byId.get(label.replaces);
    const near = index.near(label).filter((other) => other !== moved);
    const against = near.filter((other) => contradict(other, label));
    if (moved && contradict(moved, { ...label, clip: moved.clip! })) against.push(moved);
    const [first] = against;
    if (first === undefined) {
      if (!moved && near.some((other) => other.label === label.label && isSamePlace(other, label))) {
        known++;
        continue;
      }
      if (moved) index.remove(moved);
      add.add(label);
      index.add(label);
    } else if (against.length === 1 && "id" in first && mayCorrect(label, first as LabelEntry, options)) {
      const correction = { ...label, replaces: first.id! };
      add.add(correction);
      index.remove(first);
      index.add(correction);
    } else {
      for (const other of against) {
        conflicts.push({ incoming: label, against: other });
        // Two new labels that contradict each other: neither is more right than the other.
        if (add.delete(other as NewLabel)) conflicts.push({ incoming: other as NewLabel, against: label });
      }
      index.add(label);
    }
  }
  return {
    add: [...add],
    corrections: [...add].filter((label) => label.replaces !== undefined).length,
    known,
    conflicts,
  };
}

function mayCorrect(label: NewLabel, older: LabelEntry, { correct = false }: { readonly correct?: boolean }) {
  return correct || (label.source.kind === "person" && older.source.kind !== "person");
}
