import { basename, join } from "node:path";
import type { SoundEvent } from "lib/base/events/sound_event.ts";
import { writeFileAtomic } from "lib/base/system/atomic_file.ts";
import { systemClock } from "lib/base/system/clock.ts";
import { type EvaluationRun, writeRun } from "lib/learning/evaluate/evaluation_run.ts";
import type { AnnotatedFile } from "lib/learning/evaluate/event_files.ts";
import { type RecordingTimeline, recordingTimeline } from "lib/learning/evaluate/recording_timeline.ts";
import { formatRuns, runsTables } from "lib/learning/evaluate/runs_table.ts";
import { scoreAnnotated } from "lib/learning/evaluate/score_annotated.ts";
import { scoreEvents, sumScores } from "lib/learning/evaluate/score_events.ts";
import { formatReport, reportScore, type ScoreReport } from "lib/learning/evaluate/score_report.ts";
import {
  latestOperatingPoint,
  type Manifest,
  type Postprocessing,
} from "lib/learning/model_package/manifest.ts";
import type { ModelPackage } from "lib/learning/model_package/open_package.ts";
import type { CommandContext } from "tasks/command.ts";
import { openWithBar } from "tasks/evaluate/open_with_bar.ts";
import { type SystemFigures, writeRecordingsReport } from "tasks/evaluate/recordings_report.ts";
import { systemNames } from "tasks/evaluate/run_folder.ts";

/** An evaluation of models on recordings that are annotated from end to end. */
interface RecordingEvaluation {
  readonly models: readonly ModelPackage[];
  readonly files: readonly AnnotatedFile[];
  readonly event: string;
  /** Audio track that is heard; by default the one that players play. */
  readonly track: string | undefined;
  /** In place of the models' own. */
  readonly threshold: number | undefined;
  /** Whether each model is also measured as it was before it was tuned. */
  readonly untuned: boolean;
  readonly collars: readonly number[];
  readonly offsets: boolean;
  readonly overlap: number;
  /** Length of a segment, in seconds. */
  readonly segment: number;
  /** Whether a page is written. */
  readonly report: boolean;
  /** New folder for the run. */
  readonly folder: string;
}

/** Name of the file in a run's folder with what is printed. */
const FIGURES_FILE = "figures.json";

/** One way in which a model finds events. */
interface System {
  readonly name: string;
  readonly threshold: number;
  readonly postprocessing: Postprocessing;
  readonly budget: number | undefined;
}

/** Searches recordings with each model, prints what that gives against the annotations, and keeps the run. */
export async function evaluateOnRecordings(
  job: RecordingEvaluation,
  context: Pick<CommandContext<Record<never, never>>, "log" | "print" | "printJson" | "progress" | "signal">,
): Promise<void> {
  const { models, files, event, collars, offsets, overlap, segment } = job;
  const { log, print, printJson } = context;
  const names = systemNames(models.map(({ dir }) => dir));
  const found: { system: System; timelines: RecordingTimeline[]; events: SoundEvent[][] }[] = [];
  let recordings: { path: string; duration: number; annotations: SoundEvent[] }[] = [];
  const told = new Set<string>();
  for (const [index, model] of models.entries()) {
    const scored = await scoreAll(model, { ...job, told }, context);
    recordings = scored.map(({ duration, annotations }, i) => ({
      path: files[i]!.recording,
      duration,
      annotations: annotations.filter(({ label }) => label === event).map(plain),
    }));
    if (job.untuned && !latestOperatingPoint(model.manifest, event)) {
      log.info(`${names[index]!} was never tuned for ${event}: there is nothing to hold it against`);
    }
    checkAnnotated(scored.flatMap(({ annotations }) => annotations), event);
    for (const system of systemsOf(model.manifest, names[index]!, job)) {
      const timelines = scored.map((recording) =>
        recordingTimeline(model.manifest, recording, { event, ...system })
      );
      found.push({ system, timelines, events: timelines.map(({ events }) => events.map(plain)) });
    }
  }
  const figures: SystemFigures[] = [];
  for (const { system, events } of found) {
    const scores = recordings.map(({ annotations, duration }, i) =>
      scoreEvents(annotations, events[i]!, { duration, collars, offsets, minOverlap: overlap, segment })
    );
    print(`${system.name}, threshold ${system.threshold}:`);
    const reports = scores.map((score, i) => reportScore(basename(recordings[i]!.path), score));
    const total = reportScore("total", sumScores(scores));
    for (const report of scores.length > 1 ? [...reports, total] : reports) {
      formatReport(report).forEach((line) => print(`  ${line}`));
    }
    const held = budgetOf(system, total);
    if (held) print(`    ${held.line}`);
    const { name, threshold } = system;
    figures.push({ system: name, threshold, recordings: reports, total, ...held?.json });
    printJson(figures.at(-1));
  }
  const run: EvaluationRun = {
    format: 1,
    kind: "recordings",
    at: new Date(systemClock.now()).toISOString(),
    event,
    recordings,
    systems: found.map(({ system: { name, threshold }, events }) => ({ name, threshold, found: events })),
  };
  await writeRun(job.folder, run);
  await writeFileAtomic(join(job.folder, FIGURES_FILE), `${JSON.stringify(figures, undefined, 1)}\n`);
  if (job.report) {
    const page = join(job.folder, "report.html");
    const systems = found.map(({ timelines }, i) => ({ ...figures[i]!, timelines }));
    await writeRecordingsReport(page, { event, files, systems });
    log.info(`report: ${page}`);
  }
  if (found.length < 2) return;
  for (const table of runsTables([{ name: basename(job.folder), run }])) {
    formatRuns(table).forEach(print);
    printJson(table);
  }
}

async function scoreAll(
  model: ModelPackage,
  { files, event, track, told }: RecordingEvaluation & { readonly told: Set<string> },
  { log, progress, signal }: Pick<CommandContext<Record<never, never>>, "log" | "progress" | "signal">,
) {
  const recordings = openWithBar({ log, progress, signal }, { track, told });
  try {
    return await scoreAnnotated(model, files, {
      label: event,
      signal,
      openBlocks: recordings.openBlocks,
      onProgress: recordings.onProgress,
    });
  } finally {
    recordings.stop();
  }
}

function systemsOf(manifest: Manifest, name: string, job: RecordingEvaluation): System[] {
  const point = latestOperatingPoint(manifest, job.event);
  const postprocessing = point?.postprocessing ?? manifest.postprocessing;
  const threshold = job.threshold ?? point?.threshold ?? postprocessing.onsetThreshold;
  const budget = job.threshold === undefined ? point?.budget : undefined;
  const systems: System[] = [{ name, threshold, postprocessing, budget }];
  if (job.untuned && point) {
    const before = manifest.postprocessing;
    systems.push({
      name: `${name} untuned`,
      threshold: before.onsetThreshold,
      postprocessing: before,
      budget: undefined,
    });
  }
  return systems;
}

/** Whether a budget of false alarms that a threshold was chosen by was held on these recordings. */
function budgetOf(
  { budget }: System,
  { falseAlarmsPerHour, falseAlarmsPerHourUpper95 }: ScoreReport,
): { line: string; json: Record<string, unknown> } | undefined {
  if (budget === undefined) return undefined;
  const held = falseAlarmsPerHour <= budget;
  const surely = falseAlarmsPerHourUpper95 <= budget;
  const verdict = held
    ? surely ? "held, with 95 % confidence" : "held here, not proven for the long run"
    : "not held";
  return {
    line: `budget of ${budget} an hour    ${verdict} (${falseAlarmsPerHour} an hour, at most ` +
      `${falseAlarmsPerHourUpper95} with 95 % confidence)`,
    json: { budget, held, heldWith95: surely },
  };
}

function checkAnnotated(annotations: readonly SoundEvent[], event: string): void {
  const labels = new Set(annotations.map(({ label }) => label));
  if (labels.size === 0 || labels.has(event)) return;
  throw new RangeError(`nothing is annotated with "${event}", only with ${[...labels].join(", ")}`);
}

/** An event as it is kept, without what its file said besides. */
function plain({ onset, offset, label, score }: SoundEvent): SoundEvent {
  return { onset, offset, label, ...(score === undefined ? {} : { score }) };
}
