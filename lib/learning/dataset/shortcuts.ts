import { rocAuc } from "lib/base/metrics/roc_auc.ts";
import { median } from "lib/base/numbers/statistics.ts";
import type { ClipMeasures } from "lib/learning/dataset/clip_measures.ts";

/** A measure that has nothing to do with what is heard, and how well it tells the classes apart. */
export interface Shortcut {
  /** Such as `loudness`. */
  readonly feature: string;
  /** Chance that it ranks a positive and a negative in the right order, whichever that is; from 0.5 to 1. */
  readonly auc: number;
  /** Whether positives have more of it. */
  readonly positivesHigher: boolean;
  /** Medians of positives and negatives, in the feature's unit. */
  readonly medians: readonly [positives: number, negatives: number];
  readonly unit: string;
  /** Chance of a ranking at least this good if the feature had nothing to do with the class, from 0 to 1. */
  readonly chance: number;
}

type Feature = readonly [name: string, unit: string, value: (clip: ClipMeasures) => number | undefined];

/** What recorders, cutters and coders leave behind; a model that learns it fails on other recordings. */
const FEATURES: readonly Feature[] = [
  ["loudness", "dB", (clip) => clip.levelDb],
  ["peak level", "dB", (clip) => clip.peakDb],
  ["background level", "dB", (clip) => clip.floorDb],
  ["length", "s", (clip) => clip.duration],
  ["bandwidth", "Hz", (clip) => clip.cutoff],
  ["holes of a coder", "of cells", (clip) => clip.holes],
  ["digital silence", "of samples", (clip) => clip.zeros],
  ["clipping", "of samples", (clip) => clip.clipped],
  ["sample rate", "Hz", (clip) => clip.sampleRate],
  ["channels", "", (clip) => clip.channels],
];

/** With fewer clips of a class an area says nothing. */
const MIN_CLIPS = 5;

/**
 * How well each measure alone tells positives from negatives, best first.
 *
 * @returns Nothing if a class has fewer than five clips.
 */
export function measureShortcuts(
  positives: readonly ClipMeasures[],
  negatives: readonly ClipMeasures[],
): Shortcut[] {
  return FEATURES.flatMap(([feature, unit, value]) => {
    const [p, n] = [positives, negatives].map((clips) =>
      clips.map(value).filter((number) => number !== undefined)
    ) as [number[], number[]];
    if (p.length < MIN_CLIPS || n.length < MIN_CLIPS) return [];
    const area = rocAuc([...p, ...n], [...p.map(() => 1), ...n.map(() => 0)]);
    const auc = Math.max(area, 1 - area);
    return [{
      feature,
      unit,
      auc,
      positivesHigher: area >= 0.5,
      medians: [median(p), median(n)] as const,
      chance: chanceOfArea(auc, p.length, n.length),
    }];
  }).sort((a, b) => b.auc - a.auc);
}

/**
 * Two-sided p-value of the Mann-Whitney test in its normal approximation without ties, which is what the area under the
 * ROC curve is the statistic of (Hanley and McNeil, 1982).
 */
function chanceOfArea(auc: number, positives: number, negatives: number): number {
  const spread = Math.sqrt((positives + negatives + 1) / (12 * positives * negatives));
  const z = (auc - 0.5) / spread;
  // Tail of the normal distribution: Abramowitz and Stegun 7.1.26.
  const t = 1 / (1 + 0.3275911 * z / Math.SQRT2);
  const polynomial = t *
    (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return Math.min(1, polynomial * Math.exp(-z * z / 2));
}
