import { extname, join } from "node:path";
import { EVENT_FORMATS, type EventFormatName } from "lib/base/events/event_formats.ts";
import type { LabelEntry } from "lib/learning/dataset/label_entry.ts";
import { labelsToRows } from "lib/learning/dataset/label_rows.ts";
import { writeSegments } from "lib/learning/dataset/segments_file.ts";

/** Whether a label says something about one of some events; `unsure` and `skip` may be about any. */
export function isAbout({ label }: LabelEntry, events: readonly string[]): boolean {
  return label === "unsure" || label === "skip" ||
    events.some((event) => label === event || label === `not-${event}`);
}

/**
 * Labels as the text of an event file or a `segments.txt`.
 *
 * @param events Names of the events that the labels are about; a `segments.txt` knows one.
 * @throws {RangeError} If the format knows one recording, or one event, only and there are several.
 */
export function formatLabels(
  labels: readonly LabelEntry[],
  format: EventFormatName | "segments",
  events: readonly string[],
  clipPath: (clip: string) => string,
): string {
  if (format === "segments") {
    const [event, another] = events;
    if (event === undefined || another !== undefined) {
      throw new RangeError("a segments.txt knows one event only: say --event NAME");
    }
    return writeSegments(labels.filter(({ label }) => label === event), event);
  }
  const recordings = new Set(labels.map(({ recording }) => recording));
  if (!["csv", "json", "raven", "edl"].includes(format) && recordings.size > 1) {
    throw new RangeError(
      `${format} knows one recording only, and there are ${recordings.size}: say --recording NAME`,
    );
  }
  return EVENT_FORMATS[format].write(labelsToRows(labels, { clipPath }));
}

/** The file of a recording: its path, or a file in a folder that is called after it, with or without a `v` in front. */
export async function findRecording(recording: string, folder: string): Promise<string | undefined> {
  const isFile = (path: string) => Deno.stat(path).then((info) => info.isFile, () => false);
  if (await isFile(recording)) return recording;
  try {
    for await (const entry of Deno.readDir(folder)) {
      const stem = entry.name.slice(0, entry.name.length - extname(entry.name).length);
      if (entry.isFile && [recording, `v${recording}`].includes(stem)) return join(folder, entry.name);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return undefined;
}
