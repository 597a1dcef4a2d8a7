import { formatClockMs, parseClock } from "lib/base/events/clock_time.ts";
import { textLines } from "lib/base/events/decode_text.ts";
import { DEFAULT_LABEL, toSingleLine } from "lib/base/events/event_row.ts";
import { compareByOnset, type EventRow } from "lib/base/events/sound_event.ts";

/** Shortest cue, in seconds: WebVTT wants cues to end after they begin. */
const SHORTEST_CUE = 0.001;

/** Writes events as WebVTT cues, in order of time, in milliseconds, with the label as text. */
export function writeWebVtt(events: readonly EventRow[]): string {
  const cues = events.toSorted(compareByOnset).map((event, index) => {
    const end = Math.max(event.offset, event.onset + SHORTEST_CUE);
    const text = toSingleLine(event.label)
      .replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
    return `\n${index + 1}\n${formatClockMs(event.onset)} --> ${formatClockMs(end)}\n${text}\n`;
  });
  return `WEBVTT\n${cues.join("")}`;
}

/**
 * Reads WebVTT; the text of a cue, without markup, is the label. Notes, styles and settings are skipped.
 *
 * @param options.label Label of cues without text; `event` by default.
 * @throws {SyntaxError} If the file does not begin with WEBVTT, or with the line number if times are none.
 */
export function readWebVtt(text: string, options: { label?: string } = {}): EventRow[] {
  const lines = textLines(text);
  if (!/^WEBVTT(\s|$)/.test(lines[0] ?? "")) {
    throw new SyntaxError("Cannot read events, line 1: a WebVTT file begins with WEBVTT");
  }
  return lines.flatMap((line, index) => {
    if (!line.includes("-->")) return [];
    const [from = "", to = ""] = line.split("-->");
    const onset = parseClock(from);
    const offset = parseClock(to.trim().split(/\s/)[0] ?? "");
    if (onset === undefined || offset === undefined || offset < onset) {
      throw new SyntaxError(`Cannot read events, line ${index + 1}: "${line.slice(0, 60)}" are no cue times`);
    }
    const end = lines.findIndex((other, place) => place > index && other.trim() === "");
    const payload = lines.slice(index + 1, end === -1 ? lines.length : end).join(" ");
    return [{ onset, offset, label: toPlainText(payload) || (options.label ?? DEFAULT_LABEL) }];
  });
}

function toPlainText(payload: string): string {
  return payload.replace(/<[^>]*>/g, "")
    .replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&nbsp;", " ").replaceAll("&amp;", "&")
    .trim();
}
