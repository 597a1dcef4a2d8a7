import { counted } from "lib/base/events/counted.ts";
import type { Random } from "lib/base/numbers/random.ts";
import type { Grouped } from "lib/learning/dataset/split.ts";

/** Something that belongs to a group and to a class. */
export interface Labelled extends Grouped {
  /** Name of the event heard in it; absent from negatives. */
  readonly event?: string;
}

/** How many folds items are dealt out to. */
export interface FoldPlan {
  readonly folds: number;
  /** Why there are fewer than wanted, as a sentence; undefined where there are as many. */
  readonly reason?: string | undefined;
}

/**
 * Chooses the number of folds: as many as wanted, or one for each group where there are fewer groups.
 *
 * @throws {RangeError} If all items of a class are of one group, so that nothing of the class would be left to learn from.
 */
export function planFolds(items: readonly Labelled[], wanted: number): FoldPlan {
  for (const [event, some] of Map.groupBy(items, (item) => item.event)) {
    if (new Set(some.map(({ group }) => group)).size > 1) continue;
    const which = event === undefined ? "without the sound" : `of ${event}`;
    throw new RangeError(
      `Cannot make folds: all clips ${which} come from one recording (${
        some[0]!.group
      }); add clips of another, ` +
        "or say with --group-by what tells recordings apart",
    );
  }
  const groups = new Set(items.map(({ group }) => group)).size;
  if (groups >= wanted) return { folds: wanted };
  return {
    folds: groups,
    reason: `${groups} parts instead of ${wanted}: the clips come from ${counted(groups, "recording")}`,
  };
}

/**
 * Deals items out to folds by group: no group is in two folds, and each fold gets about its share of every class. Large
 * groups are dealt first, so that small ones can even out what they leave. No fold gets all of a class that has several
 * groups: the other folds must have something of it to learn from.
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
      `Cannot make ${folds} folds: the clips come from ${
        counted(groups.size, "recording")
      } only; use fewer folds, or say with ` +
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
    const takesAll = (fold: number) =>
      counts.entries().some(([kind, some]) =>
        (filled[fold]!.get(kind) ?? 0) + some.length === totals.get(kind) && some.length < totals.get(kind)!
      );
    const open = Array.from(sizes.keys()).filter((fold) => !takesAll(fold));
    const choice = open.length > 0 ? open : [...sizes.keys()];
    const best = choice.reduce((best, fold) => {
      const difference = load(fold) - load(best);
      return difference < 0 || (difference === 0 && sizes[fold]! < sizes[best]!) ? fold : best;
    });
    for (const [kind, some] of counts) {
      filled[best]!.set(kind, (filled[best]!.get(kind) ?? 0) + some.length);
    }
    sizes[best]! += members.length;
    for (const index of members) result[index] = best;
  }
  return result;
}
