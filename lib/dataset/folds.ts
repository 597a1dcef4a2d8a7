import type { Grouped } from "lib/dataset/split.ts";
import type { Random } from "lib/system/random.ts";

/** Something that belongs to a group and to a class. */
export interface Labelled extends Grouped {
  /** Name of the event heard in it; absent from negatives. */
  readonly event?: string;
}

/**
 * Deals items out to folds by group: no group is in two folds, and each fold gets about its share of every class. Large
 * groups are dealt first, so that small ones can even out what they leave.
 *
 * @returns The fold of each item, from 0, shape [N].
 * @throws {RangeError} If there are fewer than two folds, or fewer groups than folds.
 */
export function foldsByGroup(
  items: readonly Labelled[],
  { folds, random }: { readonly folds: number; readonly random: Random },
): Uint16Array {
  if (!Number.isInteger(folds) || folds < 2) {
    throw new RangeError(`Cannot make folds: there must be at least 2, not ${folds}`);
  }
  const groups = Map.groupBy(items.keys(), (index) => items[index]!.group);
  if (groups.size < folds) {
    throw new RangeError(
      `Cannot make ${folds} folds: the clips come from ${groups.size} recordings only; use fewer folds, or say with ` +
        "--group-by what tells recordings apart",
    );
  }
  const classOf = (index: number) => items[index]!.event ?? "";
  const totals = new Map<string, number>();
  for (const index of items.keys()) totals.set(classOf(index), (totals.get(classOf(index)) ?? 0) + 1);
  const filled = Array.from({ length: folds }, () => new Map<string, number>());
  const sizes = new Array<number>(folds).fill(0);
  const order = random.shuffle([...groups.keys()].sort())
    .sort((a, b) => groups.get(b)!.length - groups.get(a)!.length);
  const result = new Uint16Array(items.length);
  for (const name of order) {
    const members = groups.get(name)!;
    const counts = Map.groupBy(members, classOf);
    // How full of this group's classes each fold is; its size decides between equals.
    const load = (fold: number) => {
      let sum = 0;
      for (const [kind, some] of counts) {
        sum += some.length * (filled[fold]!.get(kind) ?? 0) / totals.get(kind)!;
      }
      return sum;
    };
    let best = 0;
    for (let fold = 1; fold < folds; fold++) {
      const difference = load(fold) - load(best);
      if (difference < 0 || (difference === 0 && sizes[fold]! < sizes[best]!)) best = fold;
    }
    for (const [kind, some] of counts) {
      filled[best]!.set(kind, (filled[best]!.get(kind) ?? 0) + some.length);
    }
    sizes[best]! += members.length;
    for (const index of members) result[index] = best;
  }
  return result;
}
