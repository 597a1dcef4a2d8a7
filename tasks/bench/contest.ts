import { median } from "lib/base/numbers/statistics.ts";

/** What one run of a contestant measured: figures by name, smaller is faster. */
export type Figures = Readonly<Record<string, number>>;

/** One side of a comparison. */
export interface Contestant {
  /** Takes part in round `round`, counted from 0. */
  measure(round: number): Promise<Figures>;
}

/** Figures of one round whose contestants took turns, so that a slow minute of the machine hits all of them. */
export async function runRounds(contestants: readonly Contestant[], rounds: number): Promise<Figures[]> {
  const measured: Figures[] = [];
  for (let round = 0; round < rounds; round++) {
    // Every other round backwards: who goes second finds warm caches and a warm processor.
    const order = round % 2 === 0 ? contestants : contestants.toReversed();
    let figures: Figures = {};
    for (const contestant of order) figures = { ...figures, ...await contestant.measure(round) };
    measured.push(figures);
  }
  return measured;
}

/** Median of each figure over the rounds. */
export function medians(rounds: readonly Figures[]): Figures {
  const names = Object.keys(rounds[0] ?? {});
  return Object.fromEntries(names.map((name) => [name, median(rounds.map((figures) => figures[name]!))]));
}
