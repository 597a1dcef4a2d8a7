import { type SectionName } from "tasks/bench/comparison.ts";

/** Figures of a section that are no times: rows under headings. */
export interface TableResult {
  readonly section: SectionName;
  /** What is measured, and how. */
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
  /** What could not be measured, and why. */
  readonly missing: readonly string[];
}

/** A table as lines, its columns under each other; numbers stand at the right. */
export function describeTable({ section, title, columns, rows, missing }: TableResult): string[] {
  const cells = [columns, ...rows.map((row) => row.map((value) => String(value)))];
  const widths = columns.map((_, i) => Math.max(...cells.map((row) => row[i]!.length)));
  const isNumber = columns.map((_, i) => rows.length > 0 && rows.every((row) => typeof row[i] === "number"));
  const line = (row: readonly string[]) =>
    `  ${row.map((text, i) => isNumber[i] ? text.padStart(widths[i]!) : text.padEnd(widths[i]!)).join("  ")}`
      .trimEnd();
  return [
    `${section}: ${title}`,
    ...cells.map(line),
    ...missing.map((reason) => `  not measured: ${reason}`),
  ];
}
