import { basename, dirname, join } from "node:path";
import { decodeText } from "lib/events/decode_text.ts";
import { type ReadEventOptions, readEvents } from "lib/events/event_formats.ts";
import type { EventRow } from "lib/events/sound_event.ts";

/** Endings of event files, by preference where a folder holds the same events in several. */
const EVENT_FILE = /\.(csv|jsonl|json|txt|tsv|vtt|edl)$/i;
const MEDIA_FILE = /\.(wav|flac|mp3|m4a|aac|ogg|opus|mp4|m4v|mkv|mov|webm|ts|wma|aif|aiff)$/i;

/**
 * Reads an event file of any format.
 *
 * @throws {SyntaxError} With the path and the line, if it is none.
 * @throws {Deno.errors.NotFound} If it does not exist.
 */
export async function readEventFile(path: string, options: ReadEventOptions = {}): Promise<EventRow[]> {
  const text = await readText(path);
  try {
    return readEvents(text, options);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new SyntaxError(`${path}: ${error.message}`, { cause: error });
  }
}

/** Paths of the event files in a folder, sorted by name; CSV before other formats of the same name. */
export async function listEventFiles(folder: string): Promise<string[]> {
  const order = ["csv", "jsonl", "json", "tsv", "txt", "vtt", "edl"];
  const rank = (name: string) => order.indexOf(name.split(".").at(-1)!.toLowerCase());
  const names = (await listNames(folder)).filter((name) => EVENT_FILE.test(name));
  return names
    .toSorted((a, b) => recordingStem(a).localeCompare(recordingStem(b)) || rank(a) - rank(b))
    .map((name) => join(folder, name));
}

/** Path of the recording that an annotation file lies beside, under the same name; undefined where there is none. */
export async function recordingBeside(annotationsPath: string): Promise<string | undefined> {
  const stem = recordingStem(annotationsPath);
  const folder = dirname(annotationsPath);
  const name = (await listNames(folder)).find((other) =>
    MEDIA_FILE.test(other) && recordingStem(other) === stem
  );
  return name === undefined ? undefined : join(folder, name);
}

/** Path of the annotations that lie beside a recording, under the same name; undefined where there are none. */
export async function annotationsBeside(recordingPath: string): Promise<string | undefined> {
  const stem = recordingStem(recordingPath);
  return (await listEventFiles(dirname(recordingPath))).find((path) => recordingStem(path) === stem);
}

/**
 * Pairs recordings with their annotations: those given, in the same order, else those beside each recording.
 *
 * @throws {RangeError} If some are given, but not one for each recording.
 * @throws {Deno.errors.NotFound} If there are none beside a recording.
 */
export async function pairAnnotations(
  recordings: readonly string[],
  given: readonly string[] = [],
): Promise<{ recording: string; annotations: string }[]> {
  if (given.length > 0 && given.length !== recordings.length) {
    throw new RangeError(
      `there are ${recordings.length} recordings, but ${given.length} files of annotations`,
    );
  }
  return await Promise.all(recordings.map(async (recording, index) => {
    const annotations = given[index] ?? await annotationsBeside(recording);
    if (annotations === undefined) {
      throw new Deno.errors.NotFound(`there are no annotations beside ${recording} under the same name`);
    }
    return { recording, annotations };
  }));
}

/**
 * Name of a recording or of an event file without folder and ending: what the two have in common. Letters with marks are
 * one character each, whichever way a system writes them: macOS splits ü into u and dots.
 */
export function recordingStem(path: string): string {
  const name = basename(path).replace(/\.(audacity|raven|chapters|ffmetadata)\.txt$/i, "");
  return name.replace(EVENT_FILE, "").replace(MEDIA_FILE, "").normalize("NFC");
}

/** Names of what is in a folder, sorted. */
export async function listNames(folder: string): Promise<string[]> {
  const names: string[] = [];
  for await (const entry of Deno.readDir(folder)) names.push(entry.name);
  return names.sort();
}

async function readText(path: string): Promise<string> {
  try {
    return decodeText(await Deno.readFile(path));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new Deno.errors.NotFound(`${path} does not exist`, { cause: error });
  }
}
