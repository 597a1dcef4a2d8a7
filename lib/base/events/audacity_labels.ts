import { textLines } from "lib/base/events/decode_text.ts";
import { parseEventFields, toSingleLine } from "lib/base/events/event_row.ts";
import type { EventRow } from "lib/base/events/sound_event.ts";

/**
 * Writes events as an Audacity label track: onset, offset (seconds with six decimals) and label, separated by tabs.
 * Recording, score, clip and link have no place in it.
 */
export function writeAudacityLabels(events: readonly EventRow[]): string {
  return events.map((event) =>
    `${event.onset.toFixed(6)}\t${event.offset.toFixed(6)}\t${toSingleLine(event.label)}\n`
  ).join("");
}

/**
 * Reads an Audacity label track. Lines that begin with a backslash carry the frequency range of the label before
 * them and are skipped. A label may be missing, and times may have decimal commas, as Audacity writes them in
 * some languages.
 *
 * @param options.label Label of lines that have none; `event` by default.
 * @throws {SyntaxError} With the line number, if a line is no label.
 */
export function readAudacityLabels(text: string, options: { label?: string } = {}): EventRow[] {
  return textLines(text).flatMap((line, index) => {
    if (line.trim() === "" || line.startsWith("\\")) return [];
    const [onset, offset, ...label] = line.split("\t");
    return [parseEventFields({ onset, offset, label: label.join(" ") }, `line ${index + 1}`, options.label)];
  });
}
