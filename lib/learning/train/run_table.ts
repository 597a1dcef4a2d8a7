import { compareSettings, type RunRecord, unusualSettings } from "lib/learning/train/run_records.ts";

/** A table of texts and numbers. */
export interface RunTable {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** Earlier trainings, newest last: what they learnt from, how they went, and what was unusual about them. */
export function runTable(records: readonly RunRecord[]): RunTable {
  return {
    title: `Earlier runs: ${records.length}`,
    columns: [
      "Run",
      "Finished (UTC)",
      "Sounds",
      "Clips",
      "Validation AP",
      "By chance",
      "Steps",
      "Seconds",
      "Unlike the defaults",
    ],
    rows: records.map((record) => [
      record.name,
      new Date(record.finishedMs).toISOString().slice(0, 16).replace("T", " "),
      few(record.manifest.eventNames) ?? `${record.manifest.eventNames.length} sounds`,
      few(record.clips.map(({ label, clips }) => `${clips} ${label}`)) ??
        `${record.clips.reduce((sum, { clips }) => sum + clips, 0)} in all`,
      record.averagePrecision.toFixed(3),
      record.baseline.toFixed(3),
      record.points.at(-1)!.step,
      Math.round(record.seconds),
      unusualSettings(record) || "-",
    ]),
  };
}

/** What two trainings did differently, and how they went. */
export function comparisonTable(a: RunRecord, b: RunRecord): RunTable {
  const result = (record: RunRecord): string => record.averagePrecision.toFixed(3);
  return {
    title: `${a.name} against ${b.name}`,
    columns: ["Setting", a.name, b.name],
    rows: [
      ["validation AP", result(a), result(b)],
      ["steps taken", a.points.at(-1)!.step, b.points.at(-1)!.step],
      ...compareSettings(a, b).map(({ setting, values }) => [setting, ...values]),
    ],
  };
}

/** The names as text, unless they are too many for a table. */
function few(names: readonly string[]): string | undefined {
  return names.length <= 4 ? names.join(", ") : undefined;
}
