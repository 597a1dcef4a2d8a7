import { basename } from "node:path";
import type { PrecisionRecall } from "lib/base/metrics/precision_recall.ts";
import type { AnnotatedFile } from "lib/learning/evaluate/event_files.ts";
import type { RecordingTimeline } from "lib/learning/evaluate/recording_timeline.ts";
import { collarName, type ScoreReport } from "lib/learning/evaluate/score_report.ts";
import { plotScoreTimeline } from "lib/show/plots/score_timeline.ts";
import { writeGalleryPage } from "lib/show/report/clip_gallery.ts";
import { mistakeCards } from "lib/show/report/mistake_cards.ts";
import type { Table } from "lib/show/report/output_elements.ts";

/** How one system did, as it is printed and kept. */
export interface SystemFigures {
  readonly system: string;
  readonly threshold: number;
  readonly recordings: readonly ScoreReport[];
  readonly total: ScoreReport;
}

/** How one system did, with what can be drawn. */
interface MeasuredSystem extends SystemFigures {
  /** One for each recording. */
  readonly timelines: readonly RecordingTimeline[];
}

/** What a page on an evaluation shows. */
interface RecordingsReport {
  readonly event: string;
  readonly files: readonly AnnotatedFile[];
  readonly systems: readonly MeasuredSystem[];
}

const SAMPLE_RATE = 16_000;
/** Most sounds on a page: each takes up to half a megabyte. */
const MAX_SOUNDS = 48;
/** Most timelines on a page: each takes up to 200 kB, and a browser draws all of them. */
const MAX_TIMELINES = 24;

/** Writes a page with the figures of each system, its scores over time, and its mistakes to listen to. */
export async function writeRecordingsReport(path: string, report: RecordingsReport): Promise<void> {
  const { event, files, systems } = report;
  const timelines = systems.flatMap(({ system, timelines }) =>
    timelines.map((timeline, i) => ({ system, timeline, name: basename(files[i]!.recording) }))
  );
  const shown = timelines.slice(0, MAX_TIMELINES);
  await writeGalleryPage(path, {
    title: `Evaluation of ${event} on ${files.length === 1 ? "a recording" : `${files.length} recordings`}`,
    lead: `${
      systems.map(({ system }) => system).join(", ")
    }. Beneath the figures are false alarms and misses: ` +
      "listen whether the model is wrong, or an annotation." +
      (shown.length < timelines.length ? ` Only the first ${shown.length} timelines are drawn.` : ""),
    sampleRate: SAMPLE_RATE,
    tables: systems.flatMap(figuresTables),
    figures: shown.map(({ system, timeline, name }) =>
      plotScoreTimeline({ ...timeline, recording: systems.length > 1 ? `${name} by ${system}` : name })
    ),
    clips: allMistakes(report),
  });
}

function figuresTables({ system, threshold, recordings, total }: SystemFigures): Table[] {
  const reports = recordings.length > 1 ? [...recordings, total] : recordings;
  return [
    {
      title: `${system}, threshold ${threshold}`,
      columns: ["Recording", "Hours", "Annotated", "Found", "False alarms", "An hour", "An hour, 95 % bound"],
      rows: reports.map((report) => [
        report.recording,
        report.hours.toFixed(2),
        report.annotated,
        report.found,
        report.falseAlarms,
        report.falseAlarmsPerHour.toFixed(1),
        report.falseAlarmsPerHourUpper95.toFixed(1),
      ]),
    },
    {
      title: `${system} by events and by segments`,
      columns: ["Recording", "Counted by", "F1", "Precision", "Recall", "Error rate"],
      rows: reports.flatMap((report) =>
        measuresOf(report).map(([name, { f1, precision, recall, errorRate }], i) => [
          i === 0 && report.recording,
          name,
          ...[f1, precision, recall].map((share) => share.toFixed(3)),
          errorRate?.toFixed(3),
        ])
      ),
    },
  ];
}

function measuresOf(
  report: ScoreReport,
): [string, PrecisionRecall & { readonly errorRate?: number | undefined }][] {
  const { onset, overlap, segments } = report;
  return [
    ...onset.map((one): [string, PrecisionRecall] => [collarName(report, one.collar), one]),
    [`overlap above ${overlap.minOverlap}`, overlap],
    [`segments of ${segments.segment} s`, segments],
  ];
}

async function* allMistakes({ files, systems }: RecordingsReport) {
  const count = Math.max(1, Math.floor(MAX_SOUNDS / 2 / systems.length));
  for (const { system, timelines } of systems) {
    const recordings = timelines.map(({ annotations, events }, i) => ({
      path: files[i]!.recording,
      annotations,
      found: events,
    }));
    yield* mistakeCards(recordings, { system, sampleRate: SAMPLE_RATE, count });
  }
}
