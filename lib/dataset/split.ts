import type { Random } from "lib/system/random.ts";

/** Something that belongs to a group, such as a clip. */
export interface Grouped {
  readonly group: string;
}

/** The two sides of a split; no group is on both. */
export interface Split<Item> {
  readonly train: readonly Item[];
  readonly validation: readonly Item[];
}

/**
 * Splits by group: whole groups, in random order, go to validation until it has its share of the items. At least
 * one group stays on each side if there are two.
 *
 * @param trainShare Share of the items that are trained on, from 0 to 1; at 1 nothing is held out.
 * @throws {RangeError} If the share is not from 0 to 1.
 */
export function splitByGroup<Item extends Grouped>(
  items: readonly Item[],
  { trainShare, random }: { readonly trainShare: number; readonly random: Random },
): Split<Item> {
  if (!(trainShare >= 0 && trainShare <= 1)) {
    throw new RangeError(`Cannot split: the share to train on must be from 0 to 1, is ${trainShare}`);
  }
  const groups = Map.groupBy(items, (item) => item.group);
  if (trainShare === 1 || groups.size < 2) return { train: items, validation: [] };
  const wanted = items.length * (1 - trainShare);
  const held = new Set<string>();
  let count = 0;
  for (const name of random.shuffle([...groups.keys()].sort())) {
    const size = groups.get(name)!.length;
    if (held.size === groups.size - 1) break;
    // A huge group may overshoot; a smaller one further on fits better, but the first is always taken.
    if (held.size > 0 && count + size / 2 > wanted) continue;
    held.add(name);
    count += size;
    if (count >= wanted) break;
  }
  return {
    train: items.filter((item) => !held.has(item.group)),
    validation: items.filter((item) => held.has(item.group)),
  };
}
