import { basename, join } from "node:path";
import { systemClock } from "lib/base/system/clock.ts";
import type { Clip } from "lib/learning/dataset/clip.ts";
import {
  bestSubset,
  type ClipSystem,
  type ComparedClips,
  ensembleOf,
} from "lib/learning/evaluate/compare_models.ts";
import { type EvaluationRun, writeRun } from "lib/learning/evaluate/evaluation_run.ts";
import { formatRuns, runsTables } from "lib/learning/evaluate/runs_table.ts";
import { scoreClips } from "lib/learning/evaluate/score_clips.ts";
import { findMistakes, sortMistakes } from "lib/learning/evaluate/sort_mistakes.ts";
import { soundFeatures } from "lib/learning/features/model_input.ts";
import type { ModelPackage } from "lib/learning/model_package/open_package.ts";
import type { CommandContext } from "tasks/command.ts";
import { describeAgreement, describeClips } from "tasks/evaluate/describe_clips.ts";
import { systemNames } from "tasks/evaluate/run_folder.ts";
import { writeClipReport } from "tasks/evaluate/write_report.ts";

/** An evaluation of models on labelled clips. */
interface ClipEvaluation {
  readonly models: readonly ModelPackage[];
  readonly clips: readonly Clip[];
  readonly event: string;
  readonly threshold: number | undefined;
  /** New folder for everything that comes of it. */
  readonly folder: string;
  /** Whether mistakes are moved instead of copied. */
  readonly move: boolean;
  /** Whether a page is written. */
  readonly report: boolean;
}

/** Scores clips with each model, prints figures and mistakes, sorts the mistakes into folders and keeps the run. */
export async function evaluateOnClips(
  job: ClipEvaluation,
  { log, print, printJson, progress, signal }: Pick<
    CommandContext<Record<never, never>>,
    "log" | "print" | "printJson" | "progress" | "signal"
  >,
): Promise<void> {
  const { models, clips, event, threshold, folder } = job;
  const compared: ComparedClips = {
    positives: clips.map((clip) => clip.event === event),
    groups: clips.map(({ group }) => group),
  };
  const names = systemNames(models.map(({ dir }) => dir));
  const systems: ClipSystem[] = [];
  for (const [index, model] of models.entries()) {
    const bar = await progress.start(names[index]!, clips.length);
    const scored = await scoreClips(model, clips, {
      event,
      threshold,
      signal,
      onClip: (done) => bar.update(done),
    });
    bar.stop();
    systems.push({ name: names[index]!, ...scored });
  }
  const results = [];
  for (const system of systems) {
    const mistakes = findMistakes(clips, system.scores, system.threshold);
    const place = systems.length > 1 ? join(folder, system.name.replaceAll("/", "-")) : folder;
    await sortMistakes(place, mistakes, { move: job.move });
    const { lines, figures } = describeClips(system, compared, { event, mistakes });
    lines.forEach(print);
    print(`  ${job.move ? "moved" : "copied"} to ${place}/false-positives and false-negatives`);
    results.push({ system: system.name, threshold: system.threshold, ...figures, mistakes, folder: place });
  }
  let together: ReturnType<typeof describeAgreement> | undefined;
  const all = [...systems];
  if (systems.length > 1) {
    const subset = bestSubset(systems, compared);
    const ensemble = { ...ensembleOf(systems), name: "all together" };
    all.push(ensemble);
    if (subset.length > 1 && subset.length < systems.length) all.push(ensembleOf(subset));
    together = describeAgreement(systems, subset, compared);
    together.lines.forEach(print);
  }
  const run: EvaluationRun = {
    format: 1,
    kind: "clips",
    at: new Date(systemClock.now()).toISOString(),
    event,
    clips: clips.map(({ path, group }, i) => ({ path, group, positive: compared.positives[i]! })),
    systems: all.map(({ name, threshold, scores }) => ({ name, threshold, scores: Array.from(scores) })),
  };
  await writeRun(folder, run);
  const tables = all.length > 1 ? runsTables([{ name: basename(folder), run }]) : [];
  for (const table of tables) formatRuns(table).forEach(print);
  if (job.report) {
    const page = join(folder, "report.html");
    const { sampleRate } = soundFeatures(models[0]!.manifest);
    await writeClipReport(page, { event, clips, sampleRate, systems });
    log.info(`report: ${page}`);
  }
  printJson({ event, clips: clips.length, folder, systems: results, ...together?.json, tables });
}
