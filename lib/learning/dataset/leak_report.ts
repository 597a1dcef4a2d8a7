import { averagePrecision } from "lib/base/metrics/average_precision.ts";
import type { Random } from "lib/base/numbers/random.ts";
import { type Grouped, type Split, splitByGroup } from "lib/learning/dataset/split.ts";

/** A clip for the leak report. */
export interface LeakClip extends Grouped {
  readonly positive: boolean;
  /** Numbers that describe it, the same for all clips, such as mean and spread of log-mel bands. */
  readonly statistics: Float32Array;
}

/** A validation figure over repeated splits. */
interface SplitFigure {
  /** Mean average precision, from 0 to 1. */
  readonly mean: number;
  /** Standard deviation over the splits. */
  readonly spread: number;
  /** Splits that had both classes on both sides. */
  readonly splits: number;
}

/** What a validation figure is worth under two ways to split. */
export interface LeakReport {
  /** Clips dealt out at random: pieces of one recording fall on both sides. */
  readonly random: SplitFigure;
  /** Whole recordings on one side. */
  readonly grouped: SplitFigure;
  /** Share of positives among the clips, which ranking by chance gives. */
  readonly chance: number;
  readonly clips: number;
  readonly groups: number;
}

/** How the report is made. */
interface LeakReportOptions {
  readonly random: Random;
  /** Share of the clips to learn from; 0.8 by default. */
  readonly trainShare?: number;
  /** Splits of each kind; 20 by default. */
  readonly repeats?: number;
  /** With more clips, whole groups are left out; 2000 by default. */
  readonly maxClips?: number;
}

/**
 * How much a split that tears recordings apart would flatter: average precision of a nearest-neighbour classifier on
 * validation clips, with clips dealt out at random and with whole groups held out. The classifier is the one that
 * profits most from copies and neighbours; a network that is trained for long is not far behind.
 *
 * @throws {RangeError} If a class has fewer than two clips.
 */
export function createLeakReport(clips: readonly LeakClip[], options: LeakReportOptions): LeakReport {
  const { random, trainShare = 0.8, repeats = 20, maxClips = 2000 } = options;
  const kept = limitGroups(clips, maxClips, random.fork("limit"));
  const positives = kept.filter(({ positive }) => positive).length;
  if (positives < 2 || kept.length - positives < 2) {
    throw new RangeError(
      `Cannot compare splits: ${positives} positive and ${
        kept.length - positives
      } negative clips, need two of each`,
    );
  }
  const distances = pairDistances(kept);
  const items = kept.map((clip, index) => ({ ...clip, index }));
  const measure = (name: string, toGroup: (item: { group: string; index: number }) => string) =>
    summarise(Array.from({ length: repeats }, (_, repeat) => {
      const grouped = items.map((item) => ({ ...item, group: toGroup(item) }));
      const split = splitByGroup(grouped, { trainShare, random: random.fork(`${name} ${repeat}`) });
      return scoreSplit(split, distances, kept.length);
    }));
  return {
    random: measure("random", ({ index }) => String(index)),
    grouped: measure("grouped", ({ group }) => group),
    chance: positives / kept.length,
    clips: kept.length,
    groups: new Set(kept.map(({ group }) => group)).size,
  };
}

function limitGroups(clips: readonly LeakClip[], maxClips: number, random: Random): readonly LeakClip[] {
  if (clips.length <= maxClips) return clips;
  const groups = Map.groupBy(clips, ({ group }) => group);
  const kept = new Set<string>();
  let count = 0;
  for (const name of random.shuffle([...groups.keys()].sort())) {
    const size = groups.get(name)!.length;
    if (count + size > maxClips) continue;
    kept.add(name);
    count += size;
  }
  return clips.filter(({ group }) => kept.has(group));
}

/** Distances of all pairs with each number brought to unit spread, shape [N, N]. */
function pairDistances(clips: readonly LeakClip[]): Float32Array {
  const N = clips.length;
  const D = clips[0]!.statistics.length;
  const scaled = new Float32Array(N * D);
  for (let d = 0; d < D; d++) {
    let [sum, squares] = [0, 0];
    for (const { statistics } of clips) {
      sum += statistics[d]!;
      squares += statistics[d]! ** 2;
    }
    const mean = sum / N;
    const spread = Math.sqrt(Math.max(0, squares / N - mean ** 2)) || 1;
    for (let n = 0; n < N; n++) scaled[n * D + d] = (clips[n]!.statistics[d]! - mean) / spread;
  }
  const distances = new Float32Array(N * N);
  for (let a = 0; a < N; a++) {
    for (let b = 0; b < a; b++) {
      let sum = 0;
      for (let i = a * D, j = b * D; i < (a + 1) * D; i++, j++) sum += (scaled[i]! - scaled[j]!) ** 2;
      distances[a * N + b] = distances[b * N + a] = Math.sqrt(sum);
    }
  }
  return distances;
}

/** Average precision of one split, or undefined if a class is missing on a side. */
function scoreSplit(
  { train, validation }: Split<{ readonly index: number; readonly positive: boolean }>,
  distances: Float32Array,
  N: number,
): number | undefined {
  for (const side of [train, validation]) {
    if (!side.some(({ positive }) => positive) || side.every(({ positive }) => positive)) return undefined;
  }
  const scores = validation.map(({ index }) => {
    let [nearestPositive, nearestNegative] = [Infinity, Infinity];
    for (const other of train) {
      const distance = distances[index * N + other.index]!;
      if (other.positive) nearestPositive = Math.min(nearestPositive, distance);
      else nearestNegative = Math.min(nearestNegative, distance);
    }
    return (nearestNegative - nearestPositive) / (nearestNegative + nearestPositive + 1e-9);
  });
  return averagePrecision(scores, validation.map(({ positive }) => positive));
}

function summarise(figures: readonly (number | undefined)[]): SplitFigure {
  const valid = figures.filter((figure) => figure !== undefined);
  const mean = valid.reduce((sum, figure) => sum + figure, 0) / valid.length;
  const variance = valid.reduce((sum, figure) => sum + (figure - mean) ** 2, 0) / valid.length;
  return { mean, spread: Math.sqrt(variance), splits: valid.length };
}
