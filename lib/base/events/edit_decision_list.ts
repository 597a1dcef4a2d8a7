import { textLines } from "lib/base/events/decode_text.ts";
import { DEFAULT_LABEL, formatNumber, toSingleLine } from "lib/base/events/event_row.ts";
import { compareByOnset, type EventRow } from "lib/base/events/sound_event.ts";
import { formatTimecode, type FrameRate, parseTimecode, toFrameRate } from "lib/base/events/timecode.ts";

/** Frames a second where none are given: what most streams and editors' projects have. */
const DEFAULT_FRAME_RATE = 30;

/**
 * Writes events as a CMX3600 edit decision list: one cut an event, laid end to end, so that an editor shows the events
 * as a reel. Cuts take whole frames: they begin at or before the onset and end at or after the offset. Labels and
 * scores are comments. The format foresees 999 cuts; longer lists go on with four digits, which most editors read.
 *
 * @param options.frameRate Frames a second of the recording; 30 by default.
 * @param options.title Title of the list.
 * @throws {RangeError} If the frame rate is none.
 */
export function writeEditDecisionList(
  events: readonly EventRow[],
  options: { frameRate?: number; title?: string } = {},
): string {
  const rate = toFrameRate(options.frameRate ?? DEFAULT_FRAME_RATE);
  let recordFrame = 0;
  const cuts = events.toSorted(compareByOnset).map((event, index) => {
    // A time that is a whole frame up to rounding is that frame.
    const first = Math.floor(event.onset * rate.exact + 1e-6);
    const end = Math.max(first + 1, Math.ceil(event.offset * rate.exact - 1e-6));
    const times = [first, end, recordFrame, recordFrame + end - first];
    recordFrame += end - first;
    const lines = [
      `${String(index + 1).padStart(3, "0")}  AX       AA/V  C        ${
        times.map((frame) => formatTimecode(frame, rate)).join(" ")
      }`,
      ...(event.recording ? [`* FROM CLIP NAME: ${toSingleLine(event.recording)}`] : []),
      `* COMMENT: ${toSingleLine(event.label)}`,
      ...(event.score === undefined ? [] : [`* SCORE: ${formatNumber(event.score)}`]),
    ];
    return lines.map((line) => `${line}\n`).join("");
  });
  return `TITLE: ${toSingleLine(options.title ?? "events")}\nFCM: NON-DROP FRAME\n\n${cuts.join("\n")}`;
}

/**
 * Reads a CMX3600 edit decision list; times are the source times of its cuts, which are whole frames.
 *
 * @param options.frameRate Frames a second that the timecodes count in, which the file does not say; 30 by default.
 * @param options.label Label of cuts without a comment; `event` by default.
 * @throws {SyntaxError} With the line number, if a timecode is none.
 * @throws {RangeError} If the frame rate is none.
 */
export function readEditDecisionList(
  text: string,
  options: { frameRate?: number; label?: string } = {},
): EventRow[] {
  const rate = toFrameRate(options.frameRate ?? DEFAULT_FRAME_RATE);
  const events: { onset: number; offset: number; label: string; recording?: string; score?: number }[] = [];
  textLines(text).forEach((line, index) => {
    if (/^\d{3,}\s/.test(line)) {
      const [sourceIn = "", sourceOut = ""] = line.trim().split(/\s+/).slice(-4);
      const onset = toSeconds(sourceIn, rate);
      const offset = toSeconds(sourceOut, rate);
      if (onset === undefined || offset === undefined || offset < onset) {
        throw new SyntaxError(`Cannot read events, line ${index + 1}: no cut with source times`);
      }
      events.push({ onset, offset, label: options.label ?? DEFAULT_LABEL });
      return;
    }
    const [, key, value = ""] = /^\*\s*([A-Z ]+?)\s*:\s*(.*)$/.exec(line) ?? [];
    const event = events.at(-1);
    if (!event || !key || value.trim() === "") return;
    if (key === "COMMENT") event.label = value.trim();
    if (key === "FROM CLIP NAME") event.recording = value.trim();
    if (key === "SCORE" && Number.isFinite(Number(value))) event.score = Number(value);
  });
  return events;
}

function toSeconds(timecode: string, rate: FrameRate): number | undefined {
  const frame = parseTimecode(timecode, rate);
  return frame === undefined ? undefined : frame / rate.exact;
}
