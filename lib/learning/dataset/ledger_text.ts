import type { z } from "zod";
import {
  type LabelEntry,
  labelEntrySchema,
  type UndoEntry,
  undoEntrySchema,
} from "lib/learning/dataset/label_entry.ts";

/** A line that was not written to its end, because a program or the machine died meanwhile. */
export interface TornLine {
  /** From 1. */
  readonly line: number;
  /** What there is of it, at most 200 characters. */
  readonly text: string;
}

/** All that a ledger says, in the order in which it was written. */
export interface LedgerContent {
  readonly entries: readonly LabelEntry[];
  readonly undos: readonly UndoEntry[];
  /** Lines that a crash cut short; what they said is lost. Absent if there are none. */
  readonly torn?: readonly TornLine[];
}

/**
 * Reads the text of a ledger. Lines that are cut short are tolerated and named, wherever they are: the next writer goes
 * on after them on a new line.
 *
 * @param name The file, for messages.
 * @throws {SyntaxError} With the file and the line number, if another line is no entry, or an id stands there twice.
 */
export function parseLedger(text: string, name: string): LedgerContent {
  return parseLines(text.replace(/^\uFEFF/, ""), name, { entries: [], undos: [] }, 0);
}

/**
 * Reads the text of a ledger again and again as it grows. Only what came after the lines that were read before is parsed;
 * a text that begins otherwise is read from the start.
 */
export function createLedgerParser(name: string): (text: string) => LedgerContent {
  let known = { text: "", lines: 0, content: { entries: [], undos: [] } as LedgerContent };
  return (text) => {
    if (known.text === "" || !text.startsWith(known.text)) {
      known = { text: "", lines: 0, content: { entries: [], undos: [] } };
    }
    const rest = known.text === "" ? text.replace(/^\uFEFF/, "") : text.slice(known.text.length);
    const content = parseLines(rest, name, known.content, known.lines);
    // A line without an end may go on, and is read again.
    if (text.endsWith("\n")) known = { text, lines: known.lines + rest.split("\n").length - 1, content };
    return content;
  };
}

/** @param before What was read before these lines. @param linesBefore How many lines that was. */
function parseLines(text: string, name: string, before: LedgerContent, linesBefore: number): LedgerContent {
  const entries: LabelEntry[] = [...before.entries];
  const undos: UndoEntry[] = [...before.undos];
  const torn: TornLine[] = [...before.torn ?? []];
  const ids = new Set([...entries, ...undos].map(({ id }) => id));
  text.split("\n").forEach((raw, index) => {
    const line = linesBefore + index + 1;
    const body = raw.trim();
    if (body === "") return;
    if (isTorn(body)) {
      torn.push({ line, text: body.slice(0, 200) });
      return;
    }
    const fail = (why: string) =>
      new SyntaxError(`${name}, line ${line}: ${why}; correct or remove this line`);
    const value = parseJson(body, fail);
    const isUndo = typeof value === "object" && value !== null && "undoes" in value;
    const parsed = isUndo ? undoEntrySchema.safeParse(value) : labelEntrySchema.safeParse(value);
    if (!parsed.success) throw fail(describe(parsed.error));
    if (ids.has(parsed.data.id)) throw fail(`the id ${parsed.data.id} stands there already`);
    ids.add(parsed.data.id);
    if ("undoes" in parsed.data) undos.push(parsed.data);
    else entries.push(parsed.data);
  });
  return { entries, undos, ...(torn.length > 0 ? { torn } : {}) };
}

function parseJson(body: string, fail: (why: string) => SyntaxError): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw fail(`no JSON (${(cause as Error).message})`);
  }
}

function describe(error: z.ZodError): string {
  const issue = error.issues[0];
  return `${issue?.path.join(".") || "the entry"}: ${issue?.message}`;
}

/**
 * Whether a line is the beginning of an object that never ends. Zero bytes are what file systems leave where a crash
 * came between lengthening a file and filling it.
 */
function isTorn(body: string): boolean {
  if (body.includes("\0")) return true;
  if (!body.startsWith("{")) return false;
  let depth = 0;
  let inString = false;
  for (let i = 0; i < body.length; i++) {
    const char = body[i];
    if (inString) {
      if (char === "\\") i++;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === "{" || char === "[") depth++;
    else if (char === "}" || char === "]") depth--;
  }
  return inString || depth > 0;
}
