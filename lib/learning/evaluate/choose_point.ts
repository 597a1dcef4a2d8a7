import { logOdds } from "lib/base/metrics/log_odds.ts";
import {
  allowedRate,
  type BudgetEstimate,
  expectedFalseAlarms,
  HIGHEST_THRESHOLD,
  missingHours,
} from "lib/learning/evaluate/false_alarm_tail.ts";
import type { CurvePoint } from "lib/learning/evaluate/operating_curve.ts";

/** By what a threshold is chosen. */
export type PointRule =
  | { readonly kind: "best-f1" }
  /** Most recall with at most this many false alarms an hour. */
  | { readonly kind: "budget"; readonly falseAlarmsPerHour: number }
  /** Most recall with at least this precision. */
  | { readonly kind: "precision"; readonly precision: number };

/** A point that was chosen. */
export interface ChosenPoint extends CurvePoint {
  /** How good the choice is by its rule: F1 averaged over neighbouring thresholds, or recall; from 0 to 1. */
  readonly value: number;
  /** What is to be expected of false alarms, where they were limited. */
  readonly budget?: BudgetEstimate;
}

/**
 * How far F1 is averaged over neighbouring thresholds, in steps of the curve (standard deviation of a bell). In simulated
 * detectors with 20 annotations (normal log-odds, steps of 0.1), the plain maximum lost 0.016 to 0.021 of the F1 that was
 * there to be had, this and the plateau below 0.007 to 0.013.
 */
const SMOOTHING_STEPS = 8;
/** Thresholds whose F1 is less than this, divided by the annotations, below the best are as good: half an event. */
const PLATEAU = 0.25;
/** Networks are trained on as many windows with an event as without. */
const EVEN = 0.5;
/**
 * Thresholds begin at the one that a model has, as if so many annotations had spoken for it: the few voices of one recording
 * place a threshold worse than that. On mixtures of held-out clips, with 0.5 as what it had and
 * 20 annotations of a quarter of the voices, F1 on the other voices was 0.024 below the best there is instead of 0.043; for
 * scores that are 2 too high or too low in log-odds, 0.032 and 0.054 instead of 0.044 and 0.043.
 */
const PRIOR_ANNOTATIONS = 20;
/** How far below its best the averaged F1 may fall on the way to the threshold of before. */
const PRIOR_COST = 0.05;

/**
 * Chooses a point of an operating curve, or none where no threshold keeps the rule.
 *
 * On few events the very best threshold is a matter of luck, so that the middle of the range of thresholds that are as good
 * is taken: it stands farthest from where things get worse. For the same reason, F1 is first averaged over neighbours, and
 * the fewer annotations there are, the nearer to the threshold of before it stays.
 *
 * A budget is weighed by what is to be expected of false alarms, not only by the few that were seen.
 *
 * @param curve From `operatingCurve`, by rising threshold.
 * @param options.hours How long the recordings are; told from the curve where it has false alarms.
 * @param options.before The threshold that the model has.
 * @throws {RangeError} If the curve has no point or nothing is annotated.
 */
export function choosePoint(
  curve: readonly CurvePoint[],
  rule: PointRule,
  { hours = hoursOf(curve), before = EVEN }: {
    readonly hours?: number | undefined;
    readonly before?: number | undefined;
  } = {},
): ChosenPoint | undefined {
  const [first] = curve;
  if (!first) throw new RangeError("Cannot choose a threshold: the curve has no point");
  if (first.annotated === 0) {
    throw new RangeError("Cannot choose a threshold: nothing is annotated in the recordings");
  }
  if (rule.kind === "best-f1") {
    const smooth = smoothed(curve.map((point) => point.f1), SMOOTHING_STEPS);
    // Where no threshold finds any event, none is better than another.
    if (Math.max(...smooth) === 0) return undefined;
    const seen = middleOfPlateau(smooth, PLATEAU / first.annotated);
    const weight = first.annotated / (first.annotated + PRIOR_ANNOTATIONS);
    const index = towards(curve, smooth, { seen, weight, before });
    return { ...curve[index]!, value: Math.max(...smooth) };
  }
  if (rule.kind === "budget") return chooseByBudget(curve, rule.falseAlarmsPerHour, hours);
  const keeps = (point: CurvePoint) => point.found > 0 && point.precision >= rule.precision;
  // Above the lowest threshold, all must keep the rule, else it is kept by luck; but where the threshold is so high that
  // nothing is found any more, there is no precision to speak of.
  const relevant = curve.findLastIndex((point) => point.found > 0) + 1;
  const broken = curve.findLastIndex((point, j) => !keeps(point) && j < relevant);
  return mostRecall(curve.slice(broken + 1, relevant));
}

/**
 * Most recall where what is to be expected keeps the budget, and what was seen does not speak against it. Where nothing up to
 * {@link HIGHEST_THRESHOLD} does, that threshold, as good as it gets.
 */
function chooseByBudget(
  curve: readonly CurvePoint[],
  budget: number,
  hours: number,
): ChosenPoint | undefined {
  const expected = expectedFalseAlarms(curve, hours);
  const most = allowedRate(budget, hours);
  const highest = curve.findLastIndex(({ threshold }) => threshold <= HIGHEST_THRESHOLD);
  // A single false alarm may be an odd one, of which the estimate knows more.
  const isSeen = ({ falseAlarms, falseAlarmsPerHour }: CurvePoint) =>
    falseAlarmsPerHour > budget && (falseAlarms > 1 || budget === 0);
  const broken = curve.findLastIndex((point, j) => isSeen(point) || expected[j]! > most);
  const isBounded = broken >= highest && highest < curve.length - 1;
  const chosen = mostRecall(curve.slice(isBounded ? highest : broken + 1, highest + 1));
  if (!chosen) return undefined;
  const expectedPerHour = expected[curve.findIndex(({ threshold }) => threshold === chosen.threshold)]!;
  const estimate = { expectedPerHour, kept: !isBounded, missingHours: missingHours(budget, hours) };
  return { ...chosen, budget: estimate };
}

function mostRecall(allowed: readonly CurvePoint[]): ChosenPoint | undefined {
  const recalls = allowed.map((point) => point.recall);
  if (!recalls.some((recall) => recall > 0)) return undefined;
  return { ...allowed[middleOfPlateau(recalls, 1e-9)]!, value: Math.max(...recalls) };
}

/** What a rule is called in reports. */
export function describeRule(rule: PointRule): string {
  if (rule.kind === "budget") {
    const { falseAlarmsPerHour: count } = rule;
    return `at most ${count} false alarm${count === 1 ? "" : "s"} an hour`;
  }
  if (rule.kind === "precision") return `precision of at least ${rule.precision}`;
  return "about the best F1 (onset within 1 s), the nearer to the threshold of before the fewer annotations there are";
}

function hoursOf(curve: readonly CurvePoint[]): number {
  const point = curve.find(({ falseAlarmsPerHour }) => falseAlarmsPerHour > 0);
  return point ? point.falseAlarms / point.falseAlarmsPerHour : 1;
}

/** Index in the middle of the stretch around the greatest value in which values are at most `tolerance` below it. */
function middleOfPlateau(values: readonly number[], tolerance: number): number {
  const best = values.indexOf(Math.max(...values));
  const enough = (index: number) => values[index]! >= values[best]! - tolerance;
  let [from, to] = [best, best];
  while (from > 0 && enough(from - 1)) from--;
  while (to < values.length - 1 && enough(to + 1)) to++;
  return Math.floor((from + to) / 2);
}

/**
 * Index of the point whose log-odds lie `weight` of the way from those of `before` to those of the point `seen`, or as far on
 * the way there as F1 allows.
 *
 * @param smooth F1 of each point, averaged over neighbours.
 */
function towards(
  curve: readonly CurvePoint[],
  smooth: readonly number[],
  { seen: from, weight, before }: {
    readonly seen: number;
    readonly weight: number;
    readonly before: number;
  },
): number {
  const goal = logOdds(before) + weight * (logOdds(curve[from]!.threshold) - logOdds(before));
  const step = goal > logOdds(curve[from]!.threshold) ? 1 : -1;
  const least = Math.max(...smooth) - PRIOR_COST;
  const nearer = (index: number) => {
    const [now, next] = [index, index + step].map((i) =>
      curve[i] && Math.abs(logOdds(curve[i].threshold) - goal)
    );
    return next !== undefined && next < now! && smooth[index + step]! >= least;
  };
  let index = from;
  while (nearer(index)) index += step;
  return index;
}

/** Mean over neighbours, weighted by a bell; at the ends over those that exist. */
function smoothed(values: readonly number[], deviation: number): number[] {
  const reach = Math.ceil(3 * deviation);
  return values.map((_, centre) => {
    let [sum, weights] = [0, 0];
    for (let i = Math.max(0, centre - reach); i <= Math.min(values.length - 1, centre + reach); i++) {
      const weight = Math.exp(-0.5 * ((i - centre) / deviation) ** 2);
      sum += weight * values[i]!;
      weights += weight;
    }
    return sum / weights;
  });
}
