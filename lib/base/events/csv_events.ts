import { stringify } from "csv-stringify/sync";
import { formatNumber, parseEventFields } from "lib/base/events/event_row.ts";
import type { EventRow } from "lib/base/events/sound_event.ts";
import { readTable } from "lib/base/events/table.ts";

/** Columns of every event CSV, in the order in which they are written. */
const CSV_COLUMNS = ["recording", "onset", "offset", "label", "score", "clip", "url"] as const;
/** Last column of those that say how likely an event is right. */
const PROBABILITY = "probability";

type CsvColumn = (typeof CSV_COLUMNS)[number] | typeof PROBABILITY;

// Other tools' names of our columns: sound event detection sets say filename, event_onset, event_label; BirdNET has "Start (s)".
const COLUMN_ALIASES: Readonly<Record<string, CsvColumn>> = {
  "start (s)": "onset",
  "end (s)": "offset",
  "common name": "label",
  confidence: "score",
  file: "recording",
  filename: "recording",
  event_onset: "onset",
  event_offset: "offset",
  event_label: "label",
};

/**
 * Writes events as CSV with the header {@link CSV_COLUMNS}; times in seconds, absent fields empty.
 *
 * @param options.probabilities Whether a column `probability` comes last; by default if an event has one.
 */
export function writeCsvEvents(
  events: readonly EventRow[],
  options: { readonly probabilities?: boolean | undefined } = {},
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
 * Reads events from any table that has `onset` and `offset` columns (seconds or h:mm:ss), in any order of columns. Other
 * columns than {@link CSV_COLUMNS} and `probability` are left out, and so are rows that hold a recording and neither times
 * nor a label: sound event detection sets name recordings without events so.
 *
 * @param options.label Label of rows that have none; `event` by default.
 * @throws {SyntaxError} With the line number, if a column is missing, a row is broken or a time is none.
 */
export function readCsvEvents(text: string, options: { label?: string } = {}): EventRow[] {
  const table = readTable(text);
  const names = table.names.map((name) => COLUMN_ALIASES[name] ?? name);
  for (const needed of ["onset", "offset"]) {
    if (!names.includes(needed)) {
      const found = table.names.join(", ").slice(0, 100);
      throw new SyntaxError(
        `Cannot read events, line ${table.headerLine}: no column "${needed}" (found: ${found})`,
      );
    }
  }
  return table.rows.flatMap(({ fields, line }) => {
    const field = (name: CsvColumn) => fields[names.indexOf(name)];
    const isBlank = (name: CsvColumn) => (field(name) ?? "").trim() === "";
    if (isBlank("onset") && isBlank("offset") && isBlank("label")) return [];
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
      `line ${line}`,
      options.label,
    );
  });
}
