import type { EventRow } from "lib/events/sound_event.ts";

/** The label of events that were read from a file that names none, unless the reader is told another. */
export const DEFAULT_LABEL = "event";

/** Text fields of a row as they stand in a file; empty strings count as absent. */
export interface EventFields {
  readonly onset: string | undefined;
  readonly offset: string | undefined;
  readonly label?: string | undefined;
  readonly score?: string | undefined;
  readonly probability?: string | undefined;
  readonly recording?: string | undefined;
  readonly clip?: string | undefined;
  readonly url?: string | undefined;
}

/**
 * Checks the text fields of one row and turns them into an event.
 *
 * @param where Place of the row for error messages, such as `line 3`.
 * @throws {SyntaxError} If a time is missing, no number or negative, or the offset lies before the onset.
 */
export function parseEventFields(fields: EventFields, where: string, defaultLabel = DEFAULT_LABEL): EventRow {
  const onset = parseSeconds(fields.onset, "onset", where);
  const offset = parseSeconds(fields.offset, "offset", where);
  if (offset < onset) {
    throw new SyntaxError(`Cannot read events, ${where}: offset ${offset} lies before onset ${onset}`);
  }
  const score = fields.score ? parseNumber(fields.score, "score", where) : undefined;
  const probability = fields.probability ? parseNumber(fields.probability, "probability", where) : undefined;
  return {
    onset,
    offset,
    label: fields.label?.trim() || defaultLabel,
    ...(score === undefined ? {} : { score }),
    ...(probability === undefined ? {} : { probability }),
    ...(fields.recording ? { recording: fields.recording } : {}),
    ...(fields.clip ? { clip: fields.clip } : {}),
    ...(fields.url ? { url: fields.url } : {}),
  };
}

/**
 * A number with at most `digits` decimals and without trailing zeros, so that 12.48 is not written as
 * 12.479999999999999. Six decimals keep a time to the sample at every usual rate.
 */
export function formatNumber(value: number, digits = 6): string {
  return String(Number(value.toFixed(digits)));
}

/** Replaces tabs and line breaks, which would end a field or a row of a line-based format, by spaces. */
export function toSingleLine(text: string): string {
  return text.replace(/[\t\r\n]+/g, " ").trim();
}

function parseSeconds(text: string | undefined, name: string, where: string): number {
  if (text === undefined || text.trim() === "") {
    throw new SyntaxError(`Cannot read events, ${where}: ${name} is missing`);
  }
  const seconds = parseNumber(text, name, where);
  if (seconds < 0) throw new SyntaxError(`Cannot read events, ${where}: ${name} ${seconds} is below 0`);
  return seconds;
}

function parseNumber(text: string, name: string, where: string): number {
  // Audacity and spreadsheets write decimal commas in some languages.
  const value = Number(text.trim().replace(/^(-?\d+),(\d+)$/, "$1.$2"));
  if (text.trim() === "" || !Number.isFinite(value)) {
    throw new SyntaxError(`Cannot read events, ${where}: ${name} "${text.slice(0, 40)}" is not a number`);
  }
  return value;
}
