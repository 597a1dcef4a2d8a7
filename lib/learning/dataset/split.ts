import type { Random } from "lib/base/numbers/random.ts";

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
 * @param part Which part to hold out, from 0, for several splits of the same items: with the same random order the
 * next part is made of groups that no earlier part held out, until there are none left.
 * @throws {RangeError} If the share is not from 0 to 1.
 */
export function splitByGroup<Item extends Grouped>(
  items: readonly Item[],
  { trainShare, random, part = 0 }: {
    readonly trainShare: number;
    readonly random: Random;
    readonly part?: number;
  },
): Split<Item> {
  if (!(trainShare >= 0 && trainShare <= 1)) {
    throw new RangeError(`Cannot split: the share to train on must be from 0 to 1, is ${trainShare}`);
  }
  const groups = Map.groupBy(items, (item) => item.group);
  if (trainShare === 1 || groups.size < 2) return { train: items, validation: [] };
  const wanted = items.length * (1 - trainShare);
  const names = random.shuffle([...groups.keys()].sort());
  const size = (name: string): number => groups.get(name)!.length;
  const earlier = new Set<string>();
  let held: ReadonlySet<string> = new Set();
  for (let i = 0; i <= part; i++) {
    const left = names.filter((name) => !earlier.has(name));
    // What is left at the end may be too little to measure on.
    const count = left.reduce((sum, name) => sum + size(name), 0);
    if (count < wanted / 2 || left.length === 0) earlier.clear();
    held = heldGroups(names.filter((name) => !earlier.has(name)), {
      wanted,
      size,
      most: groups.size - 1,
    });
    for (const name of held) earlier.add(name);
  }
  return {
    train: items.filter((item) => !held.has(item.group)),
    validation: items.filter((item) => held.has(item.group)),
  };
}

/** The first groups that together have about as many items as wanted, at least one group. */
function heldGroups(
  names: readonly string[],
  { wanted, size, most }: {
    readonly wanted: number;
    readonly size: (name: string) => number;
    readonly most: number;
  },
): Set<string> {
  const held = new Set<string>();
  let count = 0;
  for (const name of names) {
    if (held.size === most) break;
    // A huge group may overshoot; a smaller one further on fits better, but the first is always taken.
    if (held.size > 0 && count + size(name) / 2 > wanted) continue;
    held.add(name);
    count += size(name);
    if (count >= wanted) break;
  }
  return held;
}
