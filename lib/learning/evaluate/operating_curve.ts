import type { SoundEvent } from "lib/base/events/sound_event.ts";
import { matchEvents } from "lib/base/metrics/event_matching.ts";
import { falseAlarms } from "lib/base/metrics/false_alarms.ts";
import { type PrecisionRecall, precisionRecall } from "lib/base/metrics/precision_recall.ts";

/** A recording that was annotated from end to end, and what a detector finds in it. */
export interface SearchedRecording {
  readonly annotations: readonly SoundEvent[];
  /** Length, in seconds. */
  readonly duration: number;
  /** The events that are found at a threshold. */
  readonly eventsAt: (threshold: number) => readonly SoundEvent[];
}

/** What one threshold gives. */
export interface CurvePoint extends PrecisionRecall {
  readonly threshold: number;
  readonly annotated: number;
  readonly found: number;
  readonly matched: number;
  readonly falseAlarms: number;
  readonly falseAlarmsPerHour: number;
}

/**
 * Counts by threshold and by minute, from which curves and their uncertainty are computed: a whole recording is
 * too few to resample, a single event is not independent of its neighbours.
 */
export interface CurveCounts {
  /** From low to high. */
  readonly thresholds: readonly number[];
  /** Length of each, in seconds, shape [U]: the last of a recording may be shorter. */
  readonly seconds: Float64Array;
  /** Annotations in each minute, shape [U]. */
  readonly annotated: Uint32Array;
  /** For each threshold, counts in each minute, shape [U]. */
  readonly found: readonly Uint32Array[];
  readonly matched: readonly Uint32Array[];
  readonly falseAlarms: readonly Uint32Array[];
}

/** Matches by onset within this, in seconds, count for curves. */
const CURVE_COLLAR = 1;
/** Minutes are resampled; in seconds. */
const MINUTE = 60;

/**
 * Thresholds from 0.001 to 0.999, evenly spaced in log-odds: scores of networks crowd at both ends.
 *
 * @returns Shape [139], rounded to four decimals.
 */
export function defaultThresholds(): number[] {
  return Array.from({ length: 139 }, (_, i) => Number((1 / (1 + Math.exp(-(i - 69) / 10))).toFixed(4)));
}

/**
 * Counts what each threshold finds, misses and invents in each minute of the recordings. A matched event counts in the
 * minute of its annotation, others in that of their onset.
 *
 * @param options.collar Onset collar, in seconds; 1 by default.
 * @throws {RangeError} If there is no recording or no threshold, or a duration is not above 0.
 */
export function countAtThresholds(
  recordings: readonly SearchedRecording[],
  thresholds: readonly number[] = defaultThresholds(),
  options: { collar?: number } = {},
): CurveCounts {
  if (recordings.length === 0) throw new RangeError("Cannot draw a curve: there is no recording");
  if (thresholds.length === 0) throw new RangeError("Cannot draw a curve: there is no threshold");
  const sorted = thresholds.toSorted((a, b) => a - b);
  const firstStretch = [0];
  const seconds: number[] = [];
  for (const { duration } of recordings) {
    if (!(duration > 0)) {
      throw new RangeError(`Cannot draw a curve: duration must be above 0, is ${duration}`);
    }
    for (let start = 0; start < duration; start += MINUTE) {
      seconds.push(Math.min(MINUTE, duration - start));
    }
    firstStretch.push(seconds.length);
  }
  const zeros = () => new Uint32Array(seconds.length);
  const annotated = zeros();
  const [found, matched, alarms] = [sorted.map(zeros), sorted.map(zeros), sorted.map(zeros)];
  recordings.forEach(({ annotations, eventsAt }, r) => {
    const minuteOf = ({ onset }: SoundEvent) =>
      Math.min(firstStretch[r]! + Math.floor(Math.max(0, onset) / MINUTE), firstStretch[r + 1]! - 1);
    for (const annotation of annotations) annotated[minuteOf(annotation)]! += 1;
    sorted.forEach((threshold, j) => {
      const events = eventsAt(threshold);
      const matches = matchEvents(annotations, events, { collar: options.collar ?? CURVE_COLLAR });
      const annotationOf = new Map(matches.map((match) => [match.found, annotations[match.annotation]!]));
      events.forEach((event, f) => (found[j]![minuteOf(annotationOf.get(f) ?? event)]! += 1));
      for (const annotation of annotationOf.values()) matched[j]![minuteOf(annotation)]! += 1;
      for (const event of falseAlarms(annotations, events)) alarms[j]![minuteOf(event)]! += 1;
    });
  });
  return {
    thresholds: sorted,
    seconds: Float64Array.from(seconds),
    annotated,
    found,
    matched,
    falseAlarms: alarms,
  };
}

/**
 * The curve: one point for each threshold, from low to high.
 *
 * @param weights How often each minute counts, shape [U]; once by default.
 */
export function operatingCurve(counts: CurveCounts, weights?: ArrayLike<number>): CurvePoint[] {
  const total = (values: ArrayLike<number>) => {
    let sum = 0;
    for (let u = 0; u < values.length; u++) sum += values[u]! * (weights ? weights[u]! : 1);
    return sum;
  };
  const hours = total(counts.seconds) / 3600;
  const annotated = total(counts.annotated);
  return counts.thresholds.map((threshold, j) => {
    const sizes = { matched: total(counts.matched[j]!), found: total(counts.found[j]!), annotated };
    const alarms = total(counts.falseAlarms[j]!);
    return {
      threshold,
      ...sizes,
      ...precisionRecall(sizes),
      falseAlarms: alarms,
      falseAlarmsPerHour: alarms / hours,
    };
  });
}
