import type { SoundEvent } from "lib/base/events/sound_event.ts";
import { matchByOverlap } from "lib/base/metrics/event_matching.ts";
import { mean, median, quantile } from "lib/base/numbers/statistics.ts";

/** The breaks of one recording as they are and as they were found. */
export interface BreakComparison {
  readonly truth: readonly SoundEvent[];
  readonly found: readonly SoundEvent[];
  /** Of the recording, in seconds. */
  readonly duration: number;
}

/** How right found breaks are, over recordings. Undefined figures are NaN. */
export interface BreakFigures {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** F-measure that counts precision twice as much as recall: a false cut is worse than an ad that stays. */
  readonly f05: number;
  /** Share of the time that is called what it is. */
  readonly timeRight: number;
  /** Of both ends of matched breaks, in seconds. */
  readonly boundaryError: { readonly median: number; readonly p95: number };
  /** Mean of found minus true, in seconds: below 0 is early. */
  readonly bias: { readonly onset: number; readonly offset: number };
  /** What is no break and was called one, in seconds a recording. */
  readonly contentLost: number;
  /** Breaks found in recordings that have none. */
  readonly falseCuts: number;
  /** Share of the true breaks that were found, by length and by place. */
  readonly recallOf: Readonly<Record<"under30s" | "over30s" | "first" | "middle" | "last", number>>;
}

/** Share of two breaks' union that both must cover to be the same. */
const LEAST_OVERLAP = 0.5;

/**
 * Compares found breaks with true ones.
 *
 * @param recordings Breaks of each, in order and without overlap.
 */
export function breakFigures(recordings: readonly BreakComparison[]): BreakFigures {
  const onsets: number[] = [], offsets: number[] = [];
  const isFound: {
    readonly event: SoundEvent;
    readonly place: "first" | "middle" | "last";
    readonly found: boolean;
  }[] = [];
  let [matched, found, wrong, lost, falseCuts, total] = [0, 0, 0, 0, 0, 0];
  for (const recording of recordings) {
    const { truth, duration } = recording;
    const pairs = matchByOverlap(truth, recording.found, LEAST_OVERLAP);
    for (const pair of pairs) {
      onsets.push(recording.found[pair.found]!.onset - truth[pair.annotation]!.onset);
      offsets.push(recording.found[pair.found]!.offset - truth[pair.annotation]!.offset);
    }
    truth.forEach((event, i) =>
      isFound.push({
        event,
        place: i === 0 ? "first" : i === truth.length - 1 ? "last" : "middle",
        found: pairs.some(({ annotation }) => annotation === i),
      })
    );
    const both = overlapOf(truth, recording.found);
    const [trueSeconds, foundSeconds] = [secondsOf(truth), secondsOf(recording.found)];
    matched += pairs.length;
    found += recording.found.length;
    wrong += trueSeconds + foundSeconds - 2 * both;
    lost += foundSeconds - both;
    total += duration;
    if (truth.length === 0) falseCuts += recording.found.length;
  }
  const [precision, recall] = [matched / found, matched / isFound.length];
  const errors = [...onsets, ...offsets].map(Math.abs).sort((a, b) => a - b);
  const recallWhere = (of: (item: (typeof isFound)[number]) => boolean): number => {
    const items = isFound.filter(of);
    return items.filter((item) => item.found).length / items.length;
  };
  const seconds = ({ event }: (typeof isFound)[number]) => event.offset - event.onset;
  return {
    precision,
    recall,
    f1: fMeasure(1, precision, recall),
    f05: fMeasure(0.5, precision, recall),
    timeRight: 1 - wrong / total,
    boundaryError: errors.length === 0
      ? { median: NaN, p95: NaN }
      : { median: median(errors), p95: quantile(errors, 0.95) },
    bias: { onset: mean(onsets), offset: mean(offsets) },
    contentLost: lost / recordings.length,
    falseCuts,
    recallOf: {
      under30s: recallWhere((item) => seconds(item) < 30),
      over30s: recallWhere((item) => seconds(item) >= 30),
      first: recallWhere(({ place }) => place === "first"),
      middle: recallWhere(({ place }) => place === "middle"),
      last: recallWhere(({ place }) => place === "last"),
    },
  };
}

function fMeasure(beta: number, precision: number, recall: number): number {
  return (1 + beta ** 2) * precision * recall / (beta ** 2 * precision + recall);
}

function secondsOf(events: readonly SoundEvent[]): number {
  return events.reduce((sum, { onset, offset }) => sum + offset - onset, 0);
}

/** Seconds that both lists cover. */
function overlapOf(a: readonly SoundEvent[], b: readonly SoundEvent[]): number {
  return a.reduce(
    (sum, x) =>
      sum +
      b.reduce((part, y) => part + Math.max(0, Math.min(x.offset, y.offset) - Math.max(x.onset, y.onset)), 0),
    0,
  );
}
