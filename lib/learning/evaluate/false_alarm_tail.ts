import { logOdds } from "lib/base/metrics/log_odds.ts";
import type { CurvePoint } from "lib/learning/evaluate/operating_curve.ts";

/**
 * Highest threshold that a budget leads to: beyond it, scores of networks say how they saturate rather than
 * how sure they are, and a single event decides.
 */
export const HIGHEST_THRESHOLD = 0.98;
/** The tail is fitted from where so many false alarms are left. */
const TAIL_COUNT = 20;
/**
 * What is believed of the tail beforehand: false alarms fall by `e` to the power of this per unit of log-odds, as if so many
 * had said so. Models of three sounds on an hour and a half fell by 0.5 to 1.2.
 */
const PRIOR_SLOPE = 0.9;
const PRIOR_COUNT = 3;
/** A rate of which fewer false alarms than this would have been seen cannot be told from none (the rule of three). */
const RESOLVED = 3;

/** What a budget asks for, and what is known of it. */
export interface BudgetEstimate {
  /** False alarms an hour that are to be expected at the chosen threshold. */
  readonly expectedPerHour: number;
  /** Whether that and what was seen keep the budget. */
  readonly kept: boolean;
  /** Hours without events that are missing before the recordings themselves show such a rate; 0 where they do. */
  readonly missingHours: number;
}

/**
 * False alarms an hour to expect at each threshold. Counts are weighed against an exponential tail over log-odds (as in
 * "peaks over threshold", Davison and Smith 1990), whose slope is estimated from all false alarms above a point and a prior:
 * the mean of a Poisson rate whose prior is exponential with the tail as its mean. Where many were counted, these decide; a
 * single odd event moves the estimate a little, and none at all is no proof of none.
 *
 * @param curve By rising threshold.
 * @returns Falling, for each point.
 */
export function expectedFalseAlarms(curve: readonly CurvePoint[], hours: number): number[] {
  const counts = curve.map((point) => point.falseAlarms);
  const enough = counts.findLastIndex((count) => count >= TAIL_COUNT);
  const from = Math.max(counts.indexOf(Math.max(...counts)), enough);
  const odds = curve.map(({ threshold }) => logOdds(threshold));
  let area = 0;
  for (let j = from; j + 1 < curve.length; j++) area += counts[j]! * (odds[j + 1]! - odds[j]!);
  const slope = (counts[from]! + PRIOR_COUNT) / (area + PRIOR_COUNT / PRIOR_SLOPE);
  const start = Math.max(0.5, counts[from]!);
  // Below the highest count events run together, so that fewer are no better.
  let count = 0;
  const expected = curve.map(() => 0);
  for (let j = curve.length - 1; j >= 0; j--) {
    count = Math.max(count, counts[j]!);
    const tail = start * Math.exp(-slope * (odds[j]! - odds[from]!));
    expected[j] = (count + 1) / (1 + 1 / tail) / hours;
  }
  return expected;
}

/** What an estimate may be: a budget of none can only mean that none is to be expected in recordings like these. */
export function allowedRate(budget: number, hours: number): number {
  return budget > 0 ? budget : 0.5 / hours;
}

/** Hours that are missing before recordings themselves show a rate; 0 where they do. */
export function missingHours(budget: number, hours: number): number {
  return budget > 0 ? Math.max(0, RESOLVED / budget - hours) : 0;
}
