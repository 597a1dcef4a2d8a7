import { rateUpperBound } from "lib/base/metrics/intervals.ts";
import { type Counts, type PrecisionRecall, precisionRecall } from "lib/base/metrics/precision_recall.ts";
import { roundHalfEven } from "lib/base/numbers/round_half_even.ts";
import type { EventScore } from "lib/learning/evaluate/score_events.ts";

/** The figures of a score, rounded for people: shares to four decimals, alarms an hour to one. */
export interface ScoreReport {
  /** Name of the recording, or `total`. */
  readonly recording: string;
  readonly hours: number;
  readonly annotated: number;
  readonly found: number;
  /** Figures by onset collar, in seconds. */
  readonly onset: readonly (PrecisionRecall & { readonly collar: number; readonly matched: number })[];
  /** Whether offsets had to match as well. */
  readonly offsets: boolean;
  /** Figures by overlap: intersection over union above `minOverlap`. */
  readonly overlap: PrecisionRecall & { readonly minOverlap: number; readonly matched: number };
  /** Figures by segments of `segment` seconds. */
  readonly segments: SegmentReport;
  readonly falseAlarms: number;
  readonly falseAlarmsPerHour: number;
  /** With 95 % confidence, there are not more than this in the long run. */
  readonly falseAlarmsPerHourUpper95: number;
}

/** Segment-based figures of a recording. */
interface SegmentReport extends PrecisionRecall {
  /** Length of a segment, in seconds. */
  readonly segment: number;
  /** Number of segments that annotations touch. */
  readonly annotated: number;
  readonly found: number;
  readonly matched: number;
  /** Missed and invented segments by annotated ones; undefined where nothing is annotated. */
  readonly errorRate: number | undefined;
}

/** Rounds the figures of a score and names them. */
export function reportScore(recording: string, score: EventScore): ScoreReport {
  const hours = score.duration / 3600;
  const { minOverlap, counts } = score.byOverlap;
  return {
    recording,
    hours,
    annotated: counts.annotated,
    found: counts.found,
    onset: score.byCollar.map(({ collar, counts }) => ({
      collar,
      ...roundedFigures(counts),
      matched: counts.matched,
    })),
    offsets: score.offsets,
    overlap: { minOverlap, ...roundedFigures(counts), matched: counts.matched },
    segments: reportSegments(score.bySegment),
    falseAlarms: score.falseAlarms,
    falseAlarmsPerHour: roundHalfEven(score.falseAlarms / hours, 1),
    falseAlarmsPerHourUpper95: roundHalfEven(rateUpperBound(score.falseAlarms, hours), 1),
  };
}

/** The report as lines of text. */
export function formatReport(report: ScoreReport): string[] {
  const hours = Number(report.hours.toFixed(3));
  return [
    `${report.recording}: ${report.annotated} annotated, ${report.found} found, ${hours} h`,
    ...report.onset.map((figures) => row(collarName(report, figures.collar), figures)),
    row(`overlap above ${report.overlap.minOverlap}`, report.overlap),
    segmentRow(report.segments),
    `  ${"false alarms an hour".padEnd(22)}${report.falseAlarmsPerHour.toFixed(1)}   ` +
    `(${report.falseAlarms} in ${hours} h; at most ${
      report.falseAlarmsPerHourUpper95.toFixed(1)
    } an hour with ` +
    "95 % confidence)",
  ];
}

/** What events are matched by at a collar, for people. */
export function collarName({ offsets }: Pick<ScoreReport, "offsets">, collar: number): string {
  return `${offsets ? "both ends" : "onset"} within ${collar} s`;
}

function row(name: string, { f1, precision, recall }: PrecisionRecall): string {
  return `  ${`${name} `.padEnd(22)}F1 ${f1.toFixed(4)}   precision ${precision.toFixed(4)}   recall ${
    recall.toFixed(4)
  }`;
}

function segmentRow(segments: SegmentReport): string {
  const { segment, errorRate } = segments;
  const rate = errorRate === undefined ? "" : `   error rate ${errorRate.toFixed(4)}`;
  return `${row(`segments of ${segment} s`, segments)}${rate}`;
}

function reportSegments({ segment, counts }: EventScore["bySegment"]): SegmentReport {
  const { annotated, found, matched } = counts;
  const wrong = annotated + found - 2 * matched;
  return {
    segment,
    ...roundedFigures(counts),
    annotated,
    found,
    matched,
    errorRate: annotated === 0 ? undefined : roundHalfEven(wrong / annotated, 4),
  };
}

function roundedFigures(counts: Counts): PrecisionRecall {
  const { precision, recall, f1 } = precisionRecall(counts);
  return {
    f1: roundHalfEven(f1, 4),
    precision: roundHalfEven(precision, 4),
    recall: roundHalfEven(recall, 4),
  };
}
