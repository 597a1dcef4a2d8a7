import { CsvError, parse } from "csv-parse/sync";
import { stringify } from "csv-stringify/sync";
import { formatNumber, parseEventFields } from "lib/events/event_row.ts";
import type { EventRow } from "lib/events/sound_event.ts";

/** Columns of every event CSV, in the order in which they are written. */
export const CSV_COLUMNS = ["recording", "onset", "offset", "label", "score", "clip", "url"] as const;
/** Last column of those that say how likely an event is right. */
const PROBABILITY = "probability";

type CsvColumn = (typeof CSV_COLUMNS)[number] | typeof PROBABILITY;

// Other tools' names of our columns: sound event detection sets say filename, event_onset, event_label.
const COLUMN_ALIASES: Readonly<Record<string, CsvColumn>> = {
  filename: "recording",
  event_onset: "onset",
  event_offset: "offset",
  event_label: "label",
};

/** What `csv-parse` gives for one record with `info: true`. */
interface CsvRecord {
  readonly record: readonly string[];
  /** `lines` is the line at which the record ends. */
  readonly info: { readonly lines: number };
}

/**
 * Writes events as CSV with the header {@link CSV_COLUMNS}; times in seconds, absent fields empty.
 *
 * @param options.probabilities Whether a column `probability` comes last; by default if an event has one.
 */
export function writeCsvEvents(
  events: readonly EventRow[],
  options: { readonly probabilities?: boolean } = {},
): string {
  const { probabilities = events.some(({ probability }) => probability !== undefined) } = options;
  const rows = events.map((event) => [
    event.recording ?? "",
    formatNumber(event.onset),
    formatNumber(event.offset),
    event.label,
    event.score === undefined ? "" : formatNumber(event.score),
    event.clip ?? "",
    event.url ?? "",
    ...(probabilities ? [event.probability === undefined ? "" : formatNumber(event.probability)] : []),
  ]);
  return stringify([[...CSV_COLUMNS, ...(probabilities ? [PROBABILITY] : [])], ...rows]);
}

/**
 * Reads events from any CSV that has `onset` and `offset` columns (seconds), in any order of columns, separated by
 * commas, semicolons or tabs. Other columns than {@link CSV_COLUMNS} and `probability` are left out.
 *
 * @param options.label Label of rows that have none; `event` by default.
 * @throws {SyntaxError} With the line number, if a column is missing, a row is broken or a time is none.
 */
export function readCsvEvents(text: string, options: { label?: string } = {}): EventRow[] {
  const [header, ...rows] = parseRecords(text);
  if (!header) throw new SyntaxError("Cannot read events: the CSV file is empty, a header line is needed");
  const names = header.record.map((name) => {
    const key = name.trim().toLowerCase();
    return COLUMN_ALIASES[key] ?? key;
  });
  for (const needed of ["onset", "offset"]) {
    if (!names.includes(needed)) {
      const found = header.record.join(", ").slice(0, 100);
      throw new SyntaxError(`Cannot read events, line 1: no column "${needed}" (found: ${found})`);
    }
  }
  return rows.map(({ record, info }) => {
    const field = (name: CsvColumn) => record[names.indexOf(name)];
    return parseEventFields(
      {
        onset: field("onset"),
        offset: field("offset"),
        label: field("label"),
        score: field("score"),
        probability: field(PROBABILITY),
        recording: field("recording"),
        clip: field("clip"),
        url: field("url"),
      },
      `line ${info.lines}`,
      options.label,
    );
  });
}

/** The separator that the header line uses most: a comma, a semicolon or a tab. */
function detectDelimiter(text: string): string {
  const header = /^\uFEFF?\s*([^\r\n]*)/.exec(text)?.[1] ?? "";
  const count = (delimiter: string) => header.split(delimiter).length;
  return [",", ";", "\t"].reduce((best, delimiter) => count(delimiter) > count(best) ? delimiter : best);
}

function parseRecords(text: string): CsvRecord[] {
  try {
    // With `info`, every row comes with its line number; the types of csv-parse do not say so.
    return parse(text, {
      bom: true,
      delimiter: detectDelimiter(text),
      info: true,
      skip_empty_lines: true,
      relax_column_count: true,
    }) as unknown as CsvRecord[];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new SyntaxError(`Cannot read events: ${error.message}`, { cause: error });
  }
}
