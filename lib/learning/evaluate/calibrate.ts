import type { SoundEvent } from "lib/base/events/sound_event.ts";
import { type Interval, shareInterval } from "lib/base/metrics/intervals.ts";
import {
  calibrateScores,
  type CalibrationPoint,
  probabilityOf,
  type ReviewedScore,
} from "lib/base/metrics/score_calibration.ts";
import { trialsNeeded } from "lib/base/metrics/trials_needed.ts";
import { roundHalfEven } from "lib/base/numbers/round_half_even.ts";
import { notLabel } from "lib/learning/dataset/label_name.ts";
import { readEventFile } from "lib/learning/evaluate/event_files.ts";
import type { Calibration } from "lib/learning/model_package/manifest.ts";

/** What a few reviewed events say of all that a model finds. */
interface ReviewFindings {
  /** Probability of being right by score. */
  readonly curve: readonly CalibrationPoint[];
  readonly reviewed: number;
  readonly right: number;
  /** Share of right ones among those reviewed at or above the threshold. */
  readonly precision: Interval & { readonly share: number; readonly reviewed: number };
  /** Reviews of events at or above the threshold that narrow the precision to ±5 %. */
  readonly reviewsToGo: number;
}

/**
 * Reads reviewed events: a table of found events (such as the `events.csv` of `find`), in which the label of those that
 * are wrong was changed to `not-<event>`. Events that are `unsure` or `skip` are left out.
 *
 * @throws {SyntaxError} With the path, if it cannot be read or an event has no score.
 * @throws {RangeError} If it has no event of this sound.
 */
export async function readReviewed(path: string, event: string): Promise<ReviewedScore[]> {
  const rows = (await readEventFile(path, { label: event }))
    .filter(({ label }) => label === event || label === notLabel(event));
  if (rows.length === 0) {
    throw new RangeError(`${path}: no row is labelled ${event} or ${notLabel(event)}: nothing was reviewed`);
  }
  return rows.map(({ score, label, onset }) => {
    if (score === undefined) {
      throw new SyntaxError(`${path}: the event at ${onset} s has no score; review a table that find wrote`);
    }
    return { score, right: label === event };
  });
}

/**
 * Learns from reviewed events what a score is worth.
 *
 * @param threshold From which on events are reported; precision is of those at or above it.
 */
export function assessReviews(reviewed: readonly ReviewedScore[], threshold: number): ReviewFindings {
  const above = reviewed.filter(({ score }) => score >= threshold);
  const right = above.filter((review) => review.right).length;
  return {
    curve: calibrateScores(reviewed),
    reviewed: reviewed.length,
    right: reviewed.filter((review) => review.right).length,
    precision: {
      share: above.length > 0 ? right / above.length : NaN,
      reviewed: above.length,
      ...shareInterval(right, above.length),
    },
    reviewsToGo: trialsNeeded(right, above.length),
  };
}

/** What of it a model package keeps. */
export function toCalibration(
  findings: ReviewFindings,
  options: { readonly event: string; readonly on: string; readonly at: number },
): Calibration {
  const { curve, reviewed, right } = findings;
  const round = (value: number) => roundHalfEven(value, 4);
  return {
    event: options.event,
    curve: curve.map(({ score, probability, lower, upper }) => ({
      score,
      probability: round(probability),
      lower: round(lower),
      upper: round(upper),
    })),
    reviewed,
    right,
    reviewedOn: options.on,
    at: new Date(options.at).toISOString(),
  };
}

/** The findings as lines of text. */
export function formatReviews(event: string, threshold: number, findings: ReviewFindings): string[] {
  const { curve, reviewed, right, precision, reviewsToGo } = findings;
  const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
  const at = (score: number) => {
    const { probability, lower, upper } = probabilityOf(curve, score);
    return `  score ${score.toFixed(2)} means ${percent(probability)} (${percent(lower)} to ${
      percent(upper)
    })`;
  };
  const share = precision.reviewed > 0
    ? `right at or above the threshold of ${threshold}: ${
      percent(precision.share)
    } of ${precision.reviewed} ` +
      `(${percent(precision.lower)} to ${percent(precision.upper)})`
    : `none of them reaches the threshold of ${threshold}`;
  return [
    `${event}: ${right} of ${reviewed} reviewed events are right`,
    `  ${share}`,
    ...[0.3, 0.5, 0.7, 0.9].map(at),
    reviewsToGo > 0
      ? `  review ${reviewsToGo} more at or above the threshold to narrow that share to ±5 %`
      : "  that share is known to ±5 %",
  ];
}

/**
 * Picks found events to review: spread evenly over the scores, so that few reviews say something about each of them.
 *
 * @param count How many; all events if there are no more.
 * @returns In the order of the recording.
 */
export function pickForReview<E extends SoundEvent>(events: readonly E[], count: number): E[] {
  const sorted = events.toSorted((a, b) => (a.score ?? 0) - (b.score ?? 0));
  const picked = new Set<E>();
  const wanted = Math.min(count, sorted.length);
  for (let i = 0; i < wanted; i++) picked.add(sorted[Math.floor((i + 0.5) * sorted.length / wanted)]!);
  return events.filter((event) => picked.has(event));
}
