import type { Random } from "lib/base/numbers/random.ts";

/** Random rows that a pair of values is looked for in: the more, the fewer rows are needed. */
const LOOKED_AT = 40;

/**
 * Rows that between them hold every pair of values that goes together in any row, chosen greedily.
 *
 * @param all Every row that there may be.
 * @param pairsOf The pairs that a row holds.
 */
export function pairwise<Row>(
  all: readonly Row[],
  pairsOf: (row: Row) => readonly string[],
  random: Random,
): Row[] {
  const rowsOf = Map.groupBy(
    all.flatMap((row) => pairsOf(row).map((pair) => ({ pair, row }))),
    ({ pair }) => pair,
  );
  const left = new Set(random.shuffle([...rowsOf.keys()]));
  const gain = (row: Row) => pairsOf(row).filter((pair) => left.has(pair)).length;
  const chosen: Row[] = [];
  for (const pair of left) {
    const rows = random.shuffle(rowsOf.get(pair)!.map(({ row }) => row)).slice(0, LOOKED_AT);
    const best = rows.reduce((a, b) => gain(b) > gain(a) ? b : a);
    chosen.push(best);
    for (const held of pairsOf(best)) left.delete(held);
  }
  return chosen;
}

/** All pairs of values of different factors. */
export function pairsOfValues(values: readonly string[]): string[] {
  return values.flatMap((a, i) => values.slice(i + 1).map((b, j) => `${i} ${a} / ${i + 1 + j} ${b}`));
}
