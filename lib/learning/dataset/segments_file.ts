import { parseClock } from "lib/base/events/clock_time.ts";
import { textLines } from "lib/base/events/decode_text.ts";
import { formatNumber } from "lib/base/events/event_row.ts";
import { notLabel } from "lib/learning/dataset/label_name.ts";

/** A stretch of a recording with a label; the recording is full of them, one after the other. */
export interface Segment {
  readonly recording: string;
  /** In seconds. */
  readonly onset: number;
  /** In seconds; absent for the last one, which goes on to the end of the recording. */
  readonly offset?: number;
  /** `<event>` or `not-<event>`. */
  readonly label: string;
}

/** How a segments file is to be understood. */
interface SegmentsOptions {
  /** Name of the event: class A of the file. The other class is `not-<event>`. */
  readonly event: string;
  /**
   * What each recording begins with, where the file does not say so: the format foresees that class A always comes
   * first, which few recordings keep to.
   */
  readonly beginsWith?: "event" | "not-event";
}

/**
 * Reads a `segments.txt`: `[recording]` on a line, below it the times at which the class changes, in seconds (or
 * `h:mm:ss`) separated by spaces. A time 0 at the start stands for a first segment without length, and lets a
 * recording begin with the other class. A label behind the bracket, as {@link writeSegments} puts it there, says what
 * the recording begins with, whatever the options say.
 *
 * @throws {SyntaxError} With the line number, if a line is none of these, times go backwards, or nothing says what a
 * recording begins with.
 */
export function readSegments(text: string, { event, beginsWith }: SegmentsOptions): Segment[] {
  const recordings: { name: string; line: number; first: string | undefined; times: number[] }[] = [];
  textLines(text).forEach((raw, index) => {
    const [line, body] = [index + 1, raw.trim()];
    if (body === "") return;
    const header = /^\[(.+)\]\s*(.*)$/.exec(body);
    if (header) {
      const [, name = "", first = ""] = header;
      if (first !== "" && first !== event && first !== notLabel(event)) {
        throw problem(line, `"${first}" is neither "${event}" nor "${notLabel(event)}"`);
      }
      recordings.push({ name: name.trim(), line, first: first || undefined, times: [] });
      return;
    }
    const recording = recordings.at(-1);
    if (!recording) throw problem(line, "times come before the first [recording]");
    for (const word of body.split(/\s+/)) {
      const time = parseClock(word) ?? Number(word);
      if (!(time >= 0 && Number.isFinite(time))) throw problem(line, `"${word.slice(0, 40)}" is no time`);
      if (time < (recording.times.at(-1) ?? 0)) {
        throw problem(line, `${word} comes before the time in front of it`);
      }
      recording.times.push(time);
    }
  });
  const byOption = beginsWith && (beginsWith === "event" ? event : notLabel(event));
  return recordings.flatMap(({ name, line, first, times }) => {
    let label = first ?? byOption;
    if (label === undefined) {
      throw problem(line, `nothing says whether ${name} begins with ${event} or ${notLabel(event)}`);
    }
    const segments: Segment[] = [];
    for (const [i, onset] of [0, ...times].entries()) {
      const offset = times[i];
      if (offset !== onset) {
        segments.push({ recording: name, onset, ...(offset === undefined ? {} : { offset }), label });
      }
      label = label === event ? notLabel(event) : event;
    }
    return segments;
  });
}

/**
 * Writes the stretches in which an event is heard as a `segments.txt`, everything between them as the other class.
 * The file keeps the rule that class A, the event, comes first: a recording that begins otherwise has a time 0 in
 * front, so that programs that know only the rule read it rightly.
 *
 * @param events Stretches of one event, by recording; overlapping ones are joined. All are needed, since everything
 * else is written as not the event.
 */
export function writeSegments(
  events: readonly { readonly recording: string; readonly onset: number; readonly offset: number }[],
  event: string,
): string {
  const recordings = Map.groupBy(events, (item) => item.recording);
  return [...recordings].map(([name, items]) => {
    const times: number[] = [];
    for (const { onset, offset } of items.toSorted((a, b) => a.onset - b.onset)) {
      const last = times.at(-1);
      if (last !== undefined && onset <= last) times[times.length - 1] = Math.max(last, offset);
      else times.push(onset, offset);
    }
    // A recording that begins with the event has no change there.
    if (times[0] === 0) times.shift();
    else times.unshift(0);
    return `[${name}] ${event}\n${times.map((time) => formatNumber(time)).join(" ")}\n`;
  }).join("\n");
}

function problem(line: number, why: string): SyntaxError {
  return new SyntaxError(`Cannot read segments, line ${line}: ${why}`);
}
