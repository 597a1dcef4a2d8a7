import { type CsvError, parse } from "csv-parse";
import { stringify } from "csv-stringify/sync";
import { textLines } from "lib/base/events/decode_text.ts";
import { tableStart } from "lib/base/events/table.ts";
import { peekBytes } from "lib/media/chat/chat_bytes.ts";
import { CHAT_FORMATS } from "lib/media/chat/chat_format.ts";
import {
  chatError,
  type ChatMessage,
  type ChatReadOptions,
  MAX_ROW_CHARACTERS,
} from "lib/media/chat/chat_message.ts";
import { parseChatTime } from "lib/media/chat/chat_time.ts";

/** Header of the chat files that this project writes. */
const CHAT_CSV_COLUMNS = ["time", "user_name", "message"] as const;
/** A further column, 1 for whom Twitch marks as a bot; only files that may have such messages have it. */
const BOT_COLUMN = "bot";

interface CsvRow {
  readonly record: string[];
  /** Line on which the row begins, from 1. */
  readonly line: number;
}

interface Columns {
  readonly count: number;
  readonly time: number;
  readonly message: number;
  readonly userName: number;
  readonly bot: number;
}

/** What exporters call the columns, by preference. */
const COLUMN_NAMES = {
  time: ["time", "time_in_seconds", "content_offset_seconds", "contentoffsetseconds", "time_text", "offset"],
  message: ["message", "message.body", "body", "text", "comment"],
  userName: [
    "user_name",
    "username",
    "user",
    "author.name",
    "author.display_name",
    "author",
    "commenter",
    "name",
  ],
  bot: [BOT_COLUMN],
} as const;

/**
 * Messages of a chat file in CSV, one after another, in memory that does not grow with the file. Fields stand between commas,
 * semicolons or tabs, whichever the header uses most or a first line `sep=;` names. The header names the columns in any
 * order: `time` (seconds, or h:mm:ss) and `message` are required, `user_name` and `bot` are used, others are ignored.
 *
 * @throws {SyntaxError} naming the line, for a missing column, a wrong number of fields, a time that is none, an
 * unclosed quote, a row above {@link MAX_ROW_CHARACTERS} or a NUL; see `onBadRow` for going on after a bad row.
 */
export async function* readChatCsv(
  bytes: AsyncIterable<Uint8Array>,
  options: ChatReadOptions = {},
): AsyncGenerator<ChatMessage> {
  const source = options.source ?? "chat";
  let columns: Columns | undefined;
  for await (const { record, line } of readRows(bytes, source)) {
    options.signal?.throwIfAborted();
    // Spreadsheets write rows of separators alone below a table.
    if (record.every((field) => field === "")) continue;
    if (columns === undefined) {
      columns = readHeader(record, source, line);
      continue;
    }
    try {
      yield readRow(record, columns, source, line);
    } catch (error) {
      if (!(error instanceof SyntaxError) || !options.onBadRow) throw error;
      options.onBadRow(error);
    }
  }
  if (columns === undefined) {
    throw chatError(source, 1, "the file is empty; a header with time,message is needed");
  }
}

async function* readRows(input: AsyncIterable<Uint8Array>, source: string): AsyncGenerator<CsvRow> {
  const { head, bytes } = await peekBytes(input, 4096);
  const { separator, header } = tableStart(textLines(new TextDecoder().decode(head)));
  let lastLine = 0;
  let overcounted = 0;
  const rows: CsvRow[] = [];
  const parser = parse({
    bom: true,
    delimiter: separator,
    from_line: Math.max(0, header) + 1,
    skip_empty_lines: true,
    relax_column_count: true, // counted by readRow(), with a clearer error
    relax_quotes: true, // chatters quote each other, and not every exporter escapes it
    record_delimiter: ["\r\n", "\n", "\r"],
    max_record_size: MAX_ROW_CHARACTERS,
    // Rows are taken here and not from the stream, which forgets what it holds when an error comes.
    on_record: (record: string[], context) => {
      // The parser counts lines at the end of a row, and a line break of two characters inside quotes twice.
      rows.push({ record, line: context.lines - overcounted - countMatches(record, /[\r\n]/g) });
      overcounted += countMatches(record, /\r\n/g);
      lastLine = context.lines - overcounted;
      return null;
    },
  });
  parser.on("error", () => {}); // each error also reaches the callbacks below
  try {
    for await (const chunk of bytes) {
      await settle((done) => parser.write(chunk, done));
      yield* rows.splice(0);
    }
    await settle((done) => parser.end(done));
    yield* rows.splice(0);
  } catch (error) {
    if (!isCsvError(error)) throw error;
    yield* rows.splice(0);
    // Such errors appear where the reading stops, often at the end of the file; the row that began it helps more.
    throw chatError(source, lastLine + 1, explain(error), error);
  } finally {
    parser.destroy();
  }
}

function settle(run: (done: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => run((error) => error ? reject(error) : resolve()));
}

function readHeader(record: readonly string[], source: string, line: number): Columns {
  const names = record.map((name) => name.trim().toLowerCase());
  if (names.some((name) => name.includes("\0") || name.includes("\uFFFD"))) {
    throw chatError(source, line, "the header is not UTF-8 text; save the file as CSV in UTF-8");
  }
  const shown = names.join(",").slice(0, 120);
  const column = (known: readonly string[]) => {
    const name = known.find((one) => names.includes(one));
    if (name === undefined) return -1;
    const index = names.indexOf(name);
    if (index !== names.lastIndexOf(name)) throw chatError(source, line, `the header names "${name}" twice`);
    return index;
  };
  const columns = {
    count: names.length,
    time: column(COLUMN_NAMES.time),
    message: column(COLUMN_NAMES.message),
    userName: column(COLUMN_NAMES.userName),
    bot: column(COLUMN_NAMES.bot),
  };
  for (const required of ["time", "message"] as const) {
    if (columns[required] < 0) {
      throw chatError(
        source,
        line,
        `the header has no column "${required}"; it reads ${
          JSON.stringify(shown)
        }. Chats are read from ${CHAT_FORMATS}`,
      );
    }
  }
  return columns;
}

function readRow(record: readonly string[], columns: Columns, source: string, line: number): ChatMessage {
  // Spreadsheets write empty fields behind a row where any other row is longer.
  const further = record.slice(columns.count);
  if (record.length < columns.count || further.some((field) => field.trim() !== "")) {
    const problem =
      `${record.length} fields where the header has ${columns.count}; is a separator or quote unescaped?`;
    throw chatError(source, line, problem);
  }
  const message = record[columns.message]!;
  const userName = columns.userName < 0 ? "" : record[columns.userName]!;
  if (message.includes("\0") || userName.includes("\0")) {
    throw chatError(source, line, "a NUL character; the file is damaged or not UTF-8");
  }
  let time: number;
  try {
    time = parseChatTime(record[columns.time]!);
  } catch (error) {
    throw chatError(source, line, (error as SyntaxError).message, error);
  }
  const isBot = columns.bot >= 0 && record[columns.bot]!.trim() === "1";
  return { time, message, ...(userName === "" ? {} : { userName }), ...(isBot ? { isBot } : {}) };
}

function countMatches(fields: readonly string[], expression: RegExp): number {
  return fields.reduce((count, field) => count + (field.match(expression)?.length ?? 0), 0);
}

function isCsvError(error: unknown): error is CsvError {
  return error instanceof Error && "code" in error && String(error.code).startsWith("CSV_");
}

function explain(error: CsvError): string {
  switch (error.code) {
    case "CSV_QUOTE_NOT_CLOSED":
      return "a quote is opened and never closed";
    case "CSV_MAX_RECORD_SIZE":
      return `a row of more than ${MAX_ROW_CHARACTERS} characters; is a quote not closed?`;
    default:
      return error.message;
  }
}

/** The header line of a chat file, with its line end. @param marksBots Whether it has the column {@link BOT_COLUMN}. */
export function chatCsvHeader(marksBots = false): string {
  return `${[...CHAT_CSV_COLUMNS, ...(marksBots ? [BOT_COLUMN] : [])].join(",")}\n`;
}

/** One message as a line (or, with a line break inside, quoted lines) of a chat file, with its line end. */
export function chatCsvRow(
  { time, message, userName = "", isBot = false }: ChatMessage,
  marksBots = false,
): string {
  // A NUL cannot be sent over chat and makes a file unreadable for most programs.
  const clean = (text: string) => text.replaceAll("\0", "\uFFFD");
  const row = [
    Number(time.toFixed(3)),
    clean(userName),
    clean(message),
    ...(marksBots ? [isBot ? 1 : ""] : []),
  ];
  return stringify([row], { record_delimiter: "\n", quoted_match: /[\r\n",]|^\s|\s$/ });
}
