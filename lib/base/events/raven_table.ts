import { formatNumber, parseEventFields, parseSeconds, toSingleLine } from "lib/base/events/event_row.ts";
import type { EventRow } from "lib/base/events/sound_event.ts";
import { readTable } from "lib/base/events/table.ts";

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

// Where other programs keep the recording, the label and the score, by preference.
const RECORDING_COLUMNS = ["begin path", "begin file"];
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

/** Where a selection begins in the recording that it names, of several that were opened, or whose tables were joined, as one. */
const FILE_OFFSET = "file offset (s)";

/**
 * Reads a Raven selection table, with tabs or with commas. A selection that stands in it twice, for the waveform and for
 * the spectrogram, is one event; one with other times is another, as in tables that were joined, where numbers begin anew.
 * Times are those in the recording that a selection names, where the table has them beside those in all recordings.
 *
 * @param options.label Label of selections that have none; `event` by default.
 * @throws {SyntaxError} With the line number, if a column is missing or a time is none.
 */
export function readRavenTable(text: string, options: { label?: string } = {}): EventRow[] {
  const { names, headerLine, rows } = readTable(text);
  for (const needed of ["Begin Time (s)", "End Time (s)"]) {
    if (!names.includes(needed.toLowerCase())) {
      throw new SyntaxError(`Cannot read events, line ${headerLine}: no column "${needed}"`);
    }
  }
  const seen = new Set<string>();
  return rows.flatMap(({ fields, line }) => {
    const field = (...candidates: string[]) => {
      const name = candidates.find((candidate) => names.includes(candidate));
      return name === undefined ? undefined : fields[names.indexOf(name)];
    };
    const selected = parseEventFields(
      {
        onset: field("begin time (s)"),
        offset: field("end time (s)"),
        label: field(...LABEL_COLUMNS),
        score: field(...SCORE_COLUMNS)?.trim(),
        recording: field(...RECORDING_COLUMNS)?.trim(),
      },
      `line ${line}`,
      options.label,
    );
    const inFile = selected.recording === undefined ? undefined : field(FILE_OFFSET)?.trim();
    const event = inFile ? beginAt(selected, parseSeconds(inFile, FILE_OFFSET, `line ${line}`)) : selected;
    const selection = field("selection")?.trim();
    if (!selection) return [event];
    const key = JSON.stringify([selection, event.onset, event.offset, event.label, event.recording]);
    if (seen.has(key)) return [];
    seen.add(key);
    return [event];
  });
}

function beginAt(event: EventRow, onset: number): EventRow {
  return { ...event, onset, offset: Math.round((onset + event.offset - event.onset) * 1e6) / 1e6 };
}
