import { formatNumber, parseEventFields, toSingleLine } from "lib/events/event_row.ts";
import type { EventRow } from "lib/events/sound_event.ts";

const COLUMNS = [
  "Selection",
  "View",
  "Channel",
  "Begin Time (s)",
  "End Time (s)",
  "Low Freq (Hz)",
  "High Freq (Hz)",
  "Annotation",
  "Score",
  "Begin Path",
] as const;

// Where other programs keep the label and the score, by preference.
const LABEL_COLUMNS = ["annotation", "label", "species", "common name"];
const SCORE_COLUMNS = ["score", "confidence"];

/**
 * Writes events as a selection table for Raven.
 *
 * @param options.highFrequency Upper edge of the boxes that Raven draws, in Hz; 8000 by default.
 */
export function writeRavenTable(
  events: readonly EventRow[],
  options: { highFrequency?: number } = {},
): string {
  const rows = events.map((event, index) => [
    index + 1,
    "Spectrogram 1",
    1,
    event.onset.toFixed(6),
    event.offset.toFixed(6),
    "0.0",
    (options.highFrequency ?? 8000).toFixed(1),
    toSingleLine(event.label),
    event.score === undefined ? "" : formatNumber(event.score),
    toSingleLine(event.recording ?? ""),
  ]);
  return [COLUMNS, ...rows].map((row) => row.join("\t") + "\n").join("");
}

/**
 * Reads a Raven selection table. A selection that stands in it twice, for the waveform and for the spectrogram, is one
 * event.
 *
 * @param options.label Label of selections that have none; `event` by default.
 * @throws {SyntaxError} With the line number, if a column is missing or a time is none.
 */
export function readRavenTable(text: string, options: { label?: string } = {}): EventRow[] {
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  const names = (lines[0] ?? "").split("\t").map((name) => name.trim().toLowerCase());
  for (const needed of ["Begin Time (s)", "End Time (s)"]) {
    if (!names.includes(needed.toLowerCase())) {
      throw new SyntaxError(`Cannot read events, line 1: no column "${needed}"`);
    }
  }
  const seen = new Set<string>();
  return lines.slice(1).flatMap((line, index) => {
    if (line.trim() === "") return [];
    const fields = line.split("\t");
    const field = (...candidates: string[]) => {
      const name = candidates.find((candidate) => names.includes(candidate));
      return name === undefined ? undefined : fields[names.indexOf(name)];
    };
    const selection = field("selection");
    if (selection) {
      if (seen.has(selection)) return [];
      seen.add(selection);
    }
    return [parseEventFields(
      {
        onset: field("begin time (s)"),
        offset: field("end time (s)"),
        label: field(...LABEL_COLUMNS),
        score: field(...SCORE_COLUMNS)?.trim(),
        recording: field("begin path")?.trim(),
      },
      `line ${index + 2}`,
      options.label,
    )];
  });
}
