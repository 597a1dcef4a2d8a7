import { counted } from "lib/base/events/counted.ts";
import type { PairedDifference } from "lib/base/metrics/bootstrap.ts";
import { precisionRecall } from "lib/base/metrics/precision_recall.ts";
import { createRandom } from "lib/base/numbers/random.ts";
import { compareClipSystems, figuresOf, realDifferences } from "lib/learning/evaluate/compare_models.ts";
import { compareSystems } from "lib/learning/evaluate/compare_systems.ts";
import type { ClipRun, EvaluationRun, RecordingRun } from "lib/learning/evaluate/evaluation_run.ts";
import { scoreEvents, sumScores } from "lib/learning/evaluate/score_events.ts";

/** One system of one run. */
interface RunRow {
  /** Run and system. */
  readonly name: string;
  readonly at: string;
  readonly threshold: number;
  readonly f1: number;
  readonly precision: number;
  readonly recall: number;
  /** Share of clips that are right; of runs on clips alone. */
  readonly accuracy?: number;
  /** Of runs on recordings alone. */
  readonly falseAlarmsPerHour?: number;
  /** F1 minus that of the best; undefined for the best. */
  readonly difference?: PairedDifference;
  /** Whether that difference is more than luck, all comparisons of the table together. */
  readonly real?: boolean;
}

/** Systems that were evaluated on the very same data, the best first. */
interface RunsTable {
  readonly event: string;
  /** What they were evaluated on, for people. */
  readonly on: string;
  readonly kind: EvaluationRun["kind"];
  readonly rows: readonly RunRow[];
}

/**
 * Tables of runs, one for each set of data: figures on other data cannot be compared. Each system is held against the
 * best by a paired bootstrap over recordings' minutes or over the groups of clips.
 */
export function runsTables(
  runs: readonly { readonly name: string; readonly run: EvaluationRun }[],
  { resamples = 1000 }: { readonly resamples?: number } = {},
): RunsTable[] {
  const tables: RunsTable[] = [];
  const sets = Map.groupBy(runs, ({ run }) => dataKey(run));
  for (const members of sets.values()) {
    const { run } = members[0]!;
    if (run.kind === "clips") {
      const own = members.flatMap(({ name, run }) => run.kind === "clips" ? [{ name, run }] : []);
      tables.push(clipTable(own, resamples));
    } else {
      const own = members.flatMap(({ name, run }) => run.kind === "recordings" ? [{ name, run }] : []);
      tables.push(recordingTable(own, resamples));
    }
  }
  return tables;
}

function clipTable(runs: readonly { name: string; run: ClipRun }[], resamples: number): RunsTable {
  const { clips, event } = runs[0]!.run;
  const compared = {
    positives: clips.map(({ positive }) => positive),
    groups: clips.map(({ group }) => group),
  };
  const systems = runs.flatMap(({ name, run }) =>
    run.systems.map((system) => ({
      system,
      at: run.at,
      name: systemName(name, run.systems.length, system.name),
    }))
  );
  const rows = systems.map(({ system, at, name }) => {
    const { accuracy, positive } = figuresOf(system, compared);
    return { name, at, threshold: system.threshold, accuracy, ...positive, system };
  }).toSorted((a, b) => b.f1 - a.f1);
  const best = rows[0]!;
  const differences = rows.slice(1).map(({ system }) =>
    compareClipSystems(best.system, system, compared, { random: createRandom("runs"), resamples })
  );
  return {
    event,
    kind: "clips",
    on: `${counted(clips.length, "clip")}, ${compared.positives.filter(Boolean).length} of them of ${event}`,
    rows: withDifferences(rows.map(({ system: _, ...row }) => row), differences),
  };
}

function recordingTable(runs: readonly { name: string; run: RecordingRun }[], resamples: number): RunsTable {
  const { recordings, event } = runs[0]!.run;
  const systems = runs.flatMap(({ name, run }) =>
    run.systems.map((system) => ({
      system,
      at: run.at,
      name: systemName(name, run.systems.length, system.name),
    }))
  );
  const hours = recordings.reduce((sum, { duration }) => sum + duration, 0) / 3600;
  const rows = systems.map(({ system, at, name }) => {
    const score = sumScores(
      recordings.map(({ annotations, duration }, i) =>
        scoreEvents(annotations, system.found[i]!, { duration, collars: [1] })
      ),
    );
    const figures = precisionRecall(score.byCollar[0]!.counts);
    const falseAlarmsPerHour = score.falseAlarms / hours;
    return { name, at, threshold: system.threshold, ...figures, falseAlarmsPerHour, system };
  }).toSorted((a, b) => b.f1 - a.f1);
  const best = rows[0]!;
  const differences = rows.slice(1).map(({ system }) =>
    compareSystems(
      recordings.map((recording, i) => ({
        ...recording,
        first: best.system.found[i]!,
        second: system.found[i]!,
      })),
      { random: createRandom("runs"), resamples },
    ).f1
  );
  const annotated = recordings.reduce((sum, { annotations }) => sum + annotations.length, 0);
  return {
    event,
    kind: "recordings",
    on: `${counted(recordings.length, "recording")}, ${
      hours.toFixed(2)
    } h, ${annotated} annotated with ${event}`,
    rows: withDifferences(rows.map(({ system: _, ...row }) => row), differences),
  };
}

function withDifferences(rows: readonly RunRow[], differences: readonly PairedDifference[]): RunRow[] {
  const real = realDifferences(differences.map(({ pValue }) => pValue));
  return rows.map((row, i) =>
    i === 0 ? row : { ...row, difference: differences[i - 1]!, real: real[i - 1]! }
  );
}

function systemName(run: string, systems: number, system: string): string {
  return systems === 1 ? run : `${run}: ${system}`;
}

/** The same for runs on the same data. */
function dataKey(run: EvaluationRun): string {
  const data = run.kind === "clips"
    ? run.clips.map(({ path, positive }) => [path, positive])
    : run.recordings.map(({ path, duration, annotations }) => [
      path,
      duration,
      annotations.map(({ onset, offset }) => [onset, offset]),
    ]);
  return JSON.stringify([run.kind, run.event, data]);
}

/** A table as lines of text. */
export function formatRuns({ event, on, kind, rows }: RunsTable): string[] {
  const width = Math.max(4, ...rows.map(({ name }) => name.length));
  const extra = (row: RunRow) =>
    kind === "clips"
      ? `accuracy ${row.accuracy!.toFixed(3)}`
      : `false alarms an hour ${row.falseAlarmsPerHour!.toFixed(1)}`;
  return [
    `${event} on ${on}:`,
    ...rows.map((row) => {
      const figures = `${row.name.padEnd(width)}  F1 ${row.f1.toFixed(3)}  precision ${
        row.precision.toFixed(3)
      }  recall ${row.recall.toFixed(3)}  ${extra(row)}`;
      return `  ${figures}  ${verdict(row)}`;
    }),
  ];
}

function verdict({ difference, real }: RunRow): string {
  if (!difference) return "best";
  const { interval: { lower, upper } } = difference;
  const range = `F1 ${difference.difference.toFixed(3)}, 95 % ${lower.toFixed(3)} to ${upper.toFixed(3)}`;
  return `${real ? "worse" : "not clearly different"} (${range})`;
}
