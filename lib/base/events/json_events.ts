import { z } from "zod";
import { textLines } from "lib/base/events/decode_text.ts";
import { checkTimes, DEFAULT_LABEL, formatNumber } from "lib/base/events/event_row.ts";
import type { EventRow } from "lib/base/events/sound_event.ts";

// Unknown keys are left out and not refused: other tools add theirs, and event files have to stay readable.
const eventSchema = z.object({
  onset: z.number(),
  offset: z.number(),
  label: z.string().min(1).optional(),
  score: z.number().nullish(),
  probability: z.number().nullish(),
  recording: z.string().nullish(),
  clip: z.string().nullish(),
  url: z.string().nullish(),
});

/** Writes events as newline-delimited JSON: one object a line, times in seconds, absent fields left out. */
export function writeJsonEvents(events: readonly EventRow[]): string {
  return events.map((event) =>
    JSON.stringify({
      recording: event.recording,
      onset: Number(formatNumber(event.onset)),
      offset: Number(formatNumber(event.offset)),
      label: event.label,
      score: event.score === undefined ? undefined : Number(formatNumber(event.score)),
      probability: event.probability === undefined ? undefined : Number(formatNumber(event.probability)),
      clip: event.clip,
      url: event.url,
    }) + "\n"
  ).join("");
}

/**
 * Reads events from newline-delimited JSON, or from one JSON array of the same objects.
 *
 * @param options.label Label of objects that have none; `event` by default.
 * @throws {SyntaxError} With the line number (or place in the array), if a line is no JSON or no event.
 */
export function readJsonEvents(text: string, options: { label?: string } = {}): EventRow[] {
  const body = text.replace(/^\uFEFF/, "");
  if (body.trimStart().startsWith("[")) {
    const values = parseJson(body, "the array");
    if (!Array.isArray(values)) throw new SyntaxError("Cannot read events: the JSON is no array");
    return values.map((value: unknown, index) => toEvent(value, `entry ${index + 1}`, options.label));
  }
  return textLines(body).flatMap((line, index) => {
    if (line.trim() === "") return [];
    const where = `line ${index + 1}`;
    return [toEvent(parseJson(line, where), where, options.label)];
  });
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SyntaxError(`Cannot read events, ${where}: ${(error as Error).message}`, { cause: error });
  }
}

function toEvent(value: unknown, where: string, defaultLabel = DEFAULT_LABEL): EventRow {
  const parsed = eventSchema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new SyntaxError(
      `Cannot read events, ${where}: ${issue?.path.join(".") || "the value"}: ${issue?.message}`,
    );
  }
  const { onset, offset, label, score, probability, recording, clip, url } = parsed.data;
  return {
    ...checkTimes(onset, offset, where),
    label: label ?? defaultLabel,
    ...(score === undefined || score === null ? {} : { score }),
    ...(probability === undefined || probability === null ? {} : { probability }),
    ...(recording ? { recording } : {}),
    ...(clip ? { clip } : {}),
    ...(url ? { url } : {}),
  };
}
