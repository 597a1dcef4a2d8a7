import { textLines } from "lib/base/events/decode_text.ts";
import { DEFAULT_LABEL, toSingleLine } from "lib/base/events/event_row.ts";
import { compareByOnset, type EventRow } from "lib/base/events/sound_event.ts";

/**
 * Writes events as chapters in ffmpeg's metadata format, in milliseconds, with the label as title. `ffmpeg -i in.mp4 -i
 * chapters.txt -map_chapters 1 -c copy out.mp4` puts them into a file, and players then jump from one to the next.
 */
export function writeFfmetadata(events: readonly EventRow[]): string {
  const chapters = events.toSorted(compareByOnset).map((event) =>
    "[CHAPTER]\nTIMEBASE=1/1000\n" +
    `START=${Math.round(event.onset * 1000)}\nEND=${Math.round(event.offset * 1000)}\n` +
    `title=${toSingleLine(event.label).replace(/[=;#\\]/g, "\\$&")}\n`
  );
  return `;FFMETADATA1\n${chapters.join("")}`;
}

/**
 * Reads the chapters of an ffmpeg metadata file.
 *
 * @param options.label Label of chapters without a title; `event` by default.
 * @throws {SyntaxError} If a chapter has no start and end.
 */
export function readFfmetadata(text: string, options: { label?: string } = {}): EventRow[] {
  const sections = textLines(text).join("\n").split(/^\[(\w+)\]\s*$/m);
  // Split leaves what is before the first section, then names and bodies by turns.
  return sections.flatMap((name, index) => {
    if (index % 2 === 0 || name !== "CHAPTER") return [];
    const fields = new Map(
      (sections[index + 1] ?? "").split("\n").flatMap((line) => {
        const [, key, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
        return key === undefined || value === undefined ? [] : [[key.toLowerCase(), value] as const];
      }),
    );
    // Without a time base, ffmpeg counts in nanoseconds.
    const [numerator = 1, denominator = 1e9] = (fields.get("timebase") ?? "1/1000000000").split("/").map(
      Number,
    );
    const onset = Number(fields.get("start") ?? NaN) * numerator / denominator;
    const offset = Number(fields.get("end") ?? NaN) * numerator / denominator;
    if (!(onset >= 0 && offset >= onset && Number.isFinite(offset))) {
      throw new SyntaxError(`Cannot read events, chapter ${(index + 1) / 2}: no START and END`);
    }
    const title = fields.get("title")?.replace(/\\(.)/g, "$1").trim();
    return [{ onset, offset, label: title || (options.label ?? DEFAULT_LABEL) }];
  });
}
