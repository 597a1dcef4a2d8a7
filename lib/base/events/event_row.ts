import { parseClock } from "lib/base/events/clock_time.ts";
import type { EventRow } from "lib/base/events/sound_event.ts";

/** The label of events that were read from a file that names none, unless the reader is told another. */
export const DEFAULT_LABEL = "event";

/** Text fields of a row as they stand in a file; empty strings count as absent. */
interface EventFields {
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
 * @throws {SyntaxError} If a time is missing or none, or {@link checkTimes} refuses the two.
 */
export function parseEventFields(fields: EventFields, where: string, defaultLabel = DEFAULT_LABEL): EventRow {
  const times = checkTimes(
    parseSeconds(fields.onset, "onset", where),
    parseSeconds(fields.offset, "offset", where),
    where,
  );
  const score = fields.score ? parseNumber(fields.score, "score", where) : undefined;
  const probability = fields.probability ? parseNumber(fields.probability, "probability", where) : undefined;
  return {
    ...times,
    label: fields.label?.trim().normalize("NFC") || defaultLabel,
    ...(score === undefined ? {} : { score }),
    ...(probability === undefined ? {} : { probability }),
    ...(fields.recording ? { recording: fields.recording } : {}),
    ...(fields.clip ? { clip: fields.clip } : {}),
    ...(fields.url ? { url: fields.url } : {}),
  };
}

/**
 * The times of an event, which begins where its recording does if it was marked as beginning earlier.
 *
 * @throws {SyntaxError} If all of it lies before the recording, or its offset before its onset.
 */
export function checkTimes(onset: number, offset: number, where: string): { onset: number; offset: number } {
  if (offset < onset) {
    throw new SyntaxError(`Cannot read events, ${where}: offset ${offset} lies before onset ${onset}`);
  }
  if (offset < 0) {
    throw new SyntaxError(
      `Cannot read events, ${where}: ${onset} to ${offset} s lies before the recording begins; if all labels are ` +
        "shifted, shift them back",
    );
  }
  return { onset: Math.max(0, onset), offset };
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

/**
 * Seconds of a field that holds seconds or h:mm:ss.
 *
 * @throws {SyntaxError} If it is empty or no time.
 */
export function parseSeconds(text: string | undefined, name: string, where: string): number {
  if (text === undefined || text.trim() === "") {
    throw new SyntaxError(`Cannot read events, ${where}: ${name} is missing`);
  }
  const [, sign, clock = ""] = /^\s*([-\u2212]?)(.*)$/s.exec(text)!;
  const seconds = parseClock(clock);
  if (seconds !== undefined) return sign === "" ? seconds : -seconds;
  return parseNumber(text, name, where);
}

function parseNumber(text: string, name: string, where: string): number {
  // Audacity and spreadsheets write decimal commas in some languages.
  const value = Number(text.trim().replace("\u2212", "-").replace(/^(-?\d*),(\d+)$/, "$1.$2"));
  if (text.trim() === "" || !Number.isFinite(value)) {
    throw new SyntaxError(`Cannot read events, ${where}: ${name} "${text.slice(0, 40)}" is not a number`);
  }
  return value;
}
