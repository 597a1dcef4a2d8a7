import { readAudacityLabels, writeAudacityLabels } from "lib/base/events/audacity_labels.ts";
import { readChapters, writeChapters } from "lib/base/events/chapters.ts";
import { readCsvEvents, writeCsvEvents } from "lib/base/events/csv_events.ts";
import { readEditDecisionList, writeEditDecisionList } from "lib/base/events/edit_decision_list.ts";
import { readFfmetadata, writeFfmetadata } from "lib/base/events/ffmetadata.ts";
import { readJsonEvents, writeJsonEvents } from "lib/base/events/json_events.ts";
import { readRavenTable, writeRavenTable } from "lib/base/events/raven_table.ts";
import type { EventRow } from "lib/base/events/sound_event.ts";
import { headerOf } from "lib/base/events/table.ts";
import { readWebVtt, writeWebVtt } from "lib/base/events/web_vtt.ts";

/** What formats may want to know when they write; each takes what concerns it. */
interface WriteEventOptions {
  /** Frames a second of the recording, for edit decision lists. */
  readonly frameRate?: number;
  /** Title of the list, for edit decision lists. */
  readonly title?: string;
  /** Whether a CSV file has a column for probabilities; by default if an event has one. */
  readonly probabilities?: boolean | undefined;
  /** Upper edge of selections, in Hz, for Raven. */
  readonly highFrequency?: number;
}

/** What formats may want to know when they are read. */
export interface ReadEventOptions {
  /** Label of events that have none. */
  readonly label?: string;
  /** Frames a second of the timecodes, for edit decision lists. */
  readonly frameRate?: number;
}

/** A format of event files. */
interface EventFormat {
  /** Who reads it, for help texts. */
  readonly use: string;
  /** What file names end in, without the leading dot; different for each format, so that all fit in one folder. */
  readonly extension: string;
  readonly write: (events: readonly EventRow[], options?: WriteEventOptions) => string;
  /** @throws {SyntaxError} That says where the text is not of the format. */
  readonly read: (text: string, options?: ReadEventOptions) => EventRow[];
}

/** Names of the event formats, as `--format` takes them. */
export const EVENT_FORMAT_NAMES = [
  "csv",
  "json",
  "audacity",
  "raven",
  "vtt",
  "edl",
  "chapters",
  "ffmetadata",
] as const;

/** Name of an event format. */
export type EventFormatName = (typeof EVENT_FORMAT_NAMES)[number];

/** The formats that events are written in and read from. */
export const EVENT_FORMATS: Readonly<Record<EventFormatName, EventFormat>> = {
  csv: { use: "spreadsheets and scripts", extension: "csv", write: writeCsvEvents, read: readCsvEvents },
  json: {
    use: "programs, one object a line",
    extension: "jsonl",
    write: writeJsonEvents,
    read: readJsonEvents,
  },
  audacity: {
    use: "Audacity label tracks",
    extension: "audacity.txt",
    write: writeAudacityLabels,
    read: readAudacityLabels,
  },
  raven: {
    use: "Raven selection tables",
    extension: "raven.txt",
    write: writeRavenTable,
    read: readRavenTable,
  },
  vtt: { use: "subtitles in players and browsers", extension: "vtt", write: writeWebVtt, read: readWebVtt },
  edl: {
    use: "video editors (CMX3600)",
    extension: "edl",
    write: writeEditDecisionList,
    read: readEditDecisionList,
  },
  chapters: {
    use: "chapters in a YouTube description",
    extension: "chapters.txt",
    write: writeChapters,
    read: readChapters,
  },
  ffmetadata: {
    use: "chapters that ffmpeg puts into a video",
    extension: "ffmetadata.txt",
    write: writeFfmetadata,
    read: readFfmetadata,
  },
};

/** Two times and a tab; a time is seconds with a point or a comma, perhaps before the recording, or h:mm:ss. */
const AUDACITY_LINE = /^[-\u2212]?[\d.,:]+\t[-\u2212]?[\d.,:]+(\t|$)/;

/**
 * The format of an event file's text, by its content, since names such as `labels.txt` say little.
 * @throws {SyntaxError} If it is none that is known.
 */
export function detectEventFormat(text: string): EventFormatName {
  const first = headerOf(text);
  if (first.startsWith("WEBVTT")) return "vtt";
  if (first.startsWith(";FFMETADATA")) return "ffmetadata";
  if (/^(TITLE:|FCM:)/.test(first)) return "edl";
  if (/^[{[]/.test(first)) return "json";
  if (/begin time \(s\)/i.test(first)) return "raven";
  if (/onset|start \(s\)/i.test(first) && /[,;\t|]/.test(first)) return "csv";
  // A label track without labels is an empty file.
  if (first === "" || AUDACITY_LINE.test(first)) return "audacity";
  if (/^(\d+:)?\d{1,4}:\d{2}(\s|$)/.test(first)) return "chapters";
  throw new SyntaxError(
    `Cannot read events: "${first.slice(0, 60)}" begins no event file that is known; ` +
      "a CSV file needs columns onset and offset",
  );
}

/** What {@link readEvents} reads, for help texts. */
export const READ_EVENT_FORMATS =
  "tables (CSV, with tabs or semicolons, as spreadsheets save them) with columns onset, offset and label and times in " +
  "seconds or h:mm:ss, DESED's among them; Audacity labels; Raven tables; JSON lines; WebVTT; EDL; chapters";

/**
 * Reads events from text in any of the formats.
 * @throws {SyntaxError} If the format is not known or the text breaks it.
 */
export function readEvents(text: string, options: ReadEventOptions = {}): EventRow[] {
  return EVENT_FORMATS[detectEventFormat(text)].read(text, options);
}
