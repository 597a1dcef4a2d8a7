import { formatClock, parseClock } from "lib/base/events/clock_time.ts";
import { textLines } from "lib/base/events/decode_text.ts";
import { DEFAULT_LABEL, toSingleLine } from "lib/base/events/event_row.ts";
import { compareByOnset, type EventRow } from "lib/base/events/sound_event.ts";

/** Shortest chapter, in seconds: YouTube ignores all chapters if one is shorter. */
const SHORTEST_CHAPTER = 10;

/**
 * Writes events as chapters for a video description: `12:07 burp` lines, of which the first must be 0:00. An event less
 * than ten seconds after the chapter before has begun is counted there (`burp ×2`), as YouTube wants chapters that long.
 */
export function writeChapters(events: readonly EventRow[]): string {
  const chapters: { start: number; counts: Map<string, number> }[] = [{ start: 0, counts: new Map() }];
  for (const event of events.toSorted(compareByOnset)) {
    let chapter = chapters.at(-1)!;
    // Events of the first ten seconds give the opening chapter its title.
    if (Math.floor(event.onset) >= chapter.start + SHORTEST_CHAPTER) {
      chapter = { start: Math.floor(event.onset), counts: new Map() };
      chapters.push(chapter);
    }
    const label = toSingleLine(event.label);
    chapter.counts.set(label, (chapter.counts.get(label) ?? 0) + 1);
  }
  return chapters.map(({ start, counts }) => {
    const title = [...counts].map(([label, count]) => count > 1 ? `${label} ×${count}` : label).join(", ");
    return `${formatClock(start)} ${title || "Start"}\n`;
  }).join("");
}

/**
 * Reads `12:07 title` lines, such as notes taken while watching, as events without length in whole seconds. Other
 * lines, and a first line `0:00 Start`, are skipped.
 *
 * @param options.label Label of times without a title; `event` by default.
 * @throws {SyntaxError} With the line number, for a time such as 1:75.
 */
export function readChapters(text: string, options: { label?: string } = {}): EventRow[] {
  return textLines(text).flatMap((line, index) => {
    const [, time, title = ""] = /^\s*((?:\d+:)?\d{1,4}:\d{2})(?:[\s–—-]+(.*))?$/.exec(line) ?? [];
    if (time === undefined) return [];
    const seconds = parseClock(time);
    if (seconds === undefined) {
      throw new SyntaxError(`Cannot read events, line ${index + 1}: "${time}" is no time`);
    }
    if (seconds === 0 && title.trim() === "Start") return [];
    return [{ onset: seconds, offset: seconds, label: title.trim() || (options.label ?? DEFAULT_LABEL) }];
  });
}
