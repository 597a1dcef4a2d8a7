import type { Interval } from "lib/base/metrics/intervals.ts";

/** A score with what a person said of it. */
export interface ReviewedScore {
  /** From 0 to 1. */
  readonly score: number;
  /** Whether the event is really heard there. */
  readonly right: boolean;
}

/** Probability of being right at one score, with its 95 % interval. */
export interface CalibrationPoint extends Interval {
  readonly score: number;
  readonly probability: number;
}

/** Scores at which a curve is kept; between them it is straight. */
const SCORES = [0.01, ...Array.from({ length: 19 }, (_, i) => Number((0.05 * (i + 1)).toFixed(2))), 0.99];

// What is believed before anything is reviewed: the score is the probability, give or take.
const SLOPE = { middle: 1, spread: 0.5, from: 0.05, to: 3, count: 30 } as const;
const INTERCEPT = { middle: 0, spread: 2, from: -7, to: 7, count: 57 } as const;
/** Scores nearer to 0 or 1 say no more. */
const EDGE = 0.01;

/**
 * The probability that an event of a score is right, from a few reviewed ones: logistic in the score's log-odds (Platt,
 * "Probabilistic outputs for support vector machines", 1999), rising, with a weak prior that the score is right as it is.
 * All curves that the reviews leave possible are weighed on a grid, so that ten reviews give a curve that is usable and
 * honest about how little it knows, and thirty that are all right do not end in infinity.
 *
 * @returns Points by rising score; probability and both ends rise as well.
 * @throws {RangeError} If nothing was reviewed or a score is not from 0 to 1.
 */
export function calibrateScores(reviewed: readonly ReviewedScore[]): CalibrationPoint[] {
  if (reviewed.length === 0) throw new RangeError("Cannot say what scores are worth: nothing was reviewed");
  const wrong = reviewed.find(({ score }) => !(score >= 0 && score <= 1));
  if (wrong) {
    throw new RangeError(`Cannot say what scores are worth: one is ${wrong.score}, not from 0 to 1`);
  }
  const points = reviewed.map(({ score, right }) => ({ x: logOdds(score), right }));
  const curves: { slope: number; intercept: number; weight: number }[] = [];
  for (const slope of steps(SLOPE)) {
    for (const intercept of steps(INTERCEPT)) {
      let log = logNormal(slope, SLOPE) + logNormal(intercept, INTERCEPT);
      for (const { x, right } of points) {
        const value = intercept + slope * x;
        // log of the logistic function of plus or minus the value, without overflow.
        log -= Math.log1p(Math.exp(-Math.abs(value))) + (right === value > 0 ? 0 : Math.abs(value));
      }
      curves.push({ slope, intercept, weight: log });
    }
  }
  const highest = curves.reduce((most, { weight }) => Math.max(most, weight), -Infinity);
  const weighted = curves.map((curve) => ({ ...curve, weight: Math.exp(curve.weight - highest) }))
    .filter(({ weight }) => weight > 1e-6);
  return SCORES.map((score) => pointAt(score, weighted));
}

/** Probability that an event of this score is right, with its 95 % interval. */
export function probabilityOf(curve: readonly CalibrationPoint[], score: number): CalibrationPoint {
  const [first, last] = [curve[0]!, curve.at(-1)!];
  if (score <= first.score) return { ...first, score };
  if (score >= last.score) return { ...last, score };
  const next = curve.findIndex((point) => point.score >= score);
  const [a, b] = [curve[next - 1]!, curve[next]!];
  const share = (score - a.score) / (b.score - a.score);
  const between = (key: "probability" | "lower" | "upper") => a[key] + share * (b[key] - a[key]);
  return { score, probability: between("probability"), lower: between("lower"), upper: between("upper") };
}

function pointAt(
  score: number,
  curves: readonly { slope: number; intercept: number; weight: number }[],
): CalibrationPoint {
  const x = logOdds(score);
  const values = curves.map(({ slope, intercept, weight }) => ({
    probability: 1 / (1 + Math.exp(-(intercept + slope * x))),
    weight,
  })).sort((a, b) => a.probability - b.probability);
  const total = values.reduce((sum, { weight }) => sum + weight, 0);
  const quantile = (share: number) => {
    let sum = 0;
    return values.find(({ weight }) => (sum += weight) >= share * total)?.probability ?? 1;
  };
  const mean = values.reduce((sum, { probability, weight }) => sum + probability * weight, 0) / total;
  return { score, probability: mean, lower: quantile(0.025), upper: quantile(0.975) };
}

function steps({ from, to, count }: { from: number; to: number; count: number }): number[] {
  return Array.from({ length: count }, (_, i) => from + i * (to - from) / (count - 1));
}

function logNormal(value: number, { middle, spread }: { middle: number; spread: number }): number {
  return -0.5 * ((value - middle) / spread) ** 2;
}

function logOdds(score: number): number {
  const inside = Math.min(1 - EDGE, Math.max(EDGE, score));
  return Math.log(inside / (1 - inside));
}
