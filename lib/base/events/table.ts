import { CsvError, parse } from "csv-parse/sync";
import { textLines } from "lib/base/events/decode_text.ts";

/** A text table with a header. */
interface Table {
  /** Names of the columns, trimmed and in lower case. */
  readonly names: readonly string[];
  /** Line of the header, from 1. */
  readonly headerLine: number;
  /** Rows that hold anything. */
  readonly rows: readonly TableRow[];
}

/** A row of a table. */
interface TableRow {
  readonly fields: readonly string[];
  /** Line on which it ends, from 1. */
  readonly line: number;
}

/** What `csv-parse` gives for one record with `info: true`; `lines` is the line at which the record ends. */
interface CsvRecord {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/** What separates the fields of a table, and where its header is. */
interface TableStart {
  readonly separator: string;
  /** Place of the header among the lines, from 0; -1 where no line holds anything. */
  readonly header: number;
}

const SEPARATORS = [",", ";", "\t"];
/** The line that Excel writes and reads in front of a table to say what separates its fields. */
const SEPARATOR_LINE = /^"?sep=(.)"?[\s,;]*$/i;
/** A line without text or numbers: spreadsheets write rows of separators alone for empty rows. */
const EMPTY_LINE = /^[\s,;]*$/;

/** How the table begins that these lines are the first of. */
export function tableStart(lines: readonly string[]): TableStart {
  const first = lines.findIndex((line) => !EMPTY_LINE.test(line));
  const named = SEPARATOR_LINE.exec(lines[first] ?? "")?.[1];
  const header = named === undefined
    ? first
    : lines.findIndex((line, index) => index > first && !EMPTY_LINE.test(line));
  return { separator: named ?? mostUsed(lines[header] ?? ""), header };
}

/**
 * Reads a table as spreadsheets and annotation tools write it: fields between commas, semicolons or tabs (whichever the
 * header uses most, or a first line `sep=;` names), lines that end in any way, empty lines and rows anywhere. A header that
 * stands in it again, as in files that were joined, holds for the rows below it.
 *
 * @throws {SyntaxError} With the line, if there is no header, a quote is not closed, or a row has more fields than the
 * header: a comma in a number or a label that would shift all that follows.
 */
export function readTable(text: string): Table {
  const lines = textLines(text);
  const { separator: delimiter, header: first } = tableStart(lines);
  if (first < 0) {
    throw new SyntaxError("Cannot read events: the CSV file is empty, a header line is needed");
  }
  // Empty lines take the place of what stands above the header, so that lines are counted from the top.
  const [header, ...records] = parseRecords("\n".repeat(first) + lines.slice(first).join("\n"), delimiter);
  let current = header!.record.map(columnName);
  const names = [...current];
  const rows: { cells: Map<string, string>; line: number }[] = [];
  for (const { record: fields, info: { lines: line } } of records) {
    if (fields.every((field) => field.trim() === "")) continue;
    if (isHeader(fields, current)) {
      current = fields.map(columnName);
      names.push(...current.filter((name) => !names.includes(name)));
      continue;
    }
    if (fields.slice(current.length).some((field) => field.trim() !== "")) {
      throw new SyntaxError(
        `Cannot read events, line ${line}: ${fields.length} fields where the header has ${current.length}; put text ` +
          `and numbers that hold ${describe(delimiter)} into quotes`,
      );
    }
    // Of two columns of one name, the first counts.
    rows.push({
      cells: new Map(current.map((name, i) => [name, fields[i] ?? ""] as const).toReversed()),
      line,
    });
  }
  return {
    names,
    headerLine: first + 1,
    rows: rows.map(({ cells, line }) => ({ fields: names.map((name) => cells.get(name) ?? ""), line })),
  };
}

function columnName(field: string): string {
  return field.trim().toLowerCase();
}

/** Whether a row names columns: half of those of the header, and nothing that is a number. */
function isHeader(fields: readonly string[], header: readonly string[]): boolean {
  const known =
    fields.filter((field) => header.includes(columnName(field)) && columnName(field) !== "").length;
  return known >= header.length / 2 &&
    fields.every((field) => field.trim() === "" || Number.isNaN(Number(field)));
}

/** The line of a text that would be the header of a table: the first that holds anything but `sep=`. */
export function headerOf(text: string): string {
  const lines = textLines(text);
  return lines[tableStart(lines).header]?.trim() ?? "";
}

function mostUsed(header: string): string {
  const count = (separator: string) => header.split(separator).length;
  return SEPARATORS.reduce((best, separator) => count(separator) > count(best) ? separator : best);
}

function parseRecords(text: string, delimiter: string): CsvRecord[] {
  const read = (quote: string | null) =>
    // With `info`, every row comes with its line number; the types of csv-parse do not say so.
    parse(text, {
      delimiter,
      quote,
      info: true,
      record_delimiter: "\n",
      skip_empty_lines: true,
      relax_column_count: true,
      relax_quotes: true,
    }) as unknown as CsvRecord[];
  try {
    return read('"');
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // Annotation tools write tables with tabs without any quoting, and a label may begin with a quote.
    if (delimiter === "\t" && error.code === "CSV_QUOTE_NOT_CLOSED") return read(null);
    throw new SyntaxError(`Cannot read events: ${error.message}`, { cause: error });
  }
}

function describe(separator: string): string {
  return { ",": "a comma", ";": "a semicolon", "\t": "a tab" }[separator] ?? `"${separator}"`;
}
