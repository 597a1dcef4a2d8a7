import { basename, dirname, join } from "node:path";
import { decodeText } from "lib/base/events/decode_text.ts";
import { type ReadEventOptions, readEvents } from "lib/base/events/event_formats.ts";
import { isBesideMedia, isMediaName, withoutMediaExtension } from "lib/base/events/media_name.ts";
import type { EventRow } from "lib/base/events/sound_event.ts";

/** Endings of event files, by preference where a folder holds the same events in several. */
const EVENT_FORMAT_ORDER = ["csv", "jsonl", "json", "tsv", "txt", "vtt", "edl"];
const EVENT_FILE = new RegExp(`\\.(${EVENT_FORMAT_ORDER.join("|")})$`, "i");

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
  const names = (await listNames(folder)).filter((name) => EVENT_FILE.test(name));
  return names
    .toSorted((a, b) => recordingStem(a).localeCompare(recordingStem(b)) || formatRank(a) - formatRank(b))
    .map((name) => join(folder, name));
}

/** Place of an event file in the order of preference of its format. */
function formatRank(path: string): number {
  return EVENT_FORMAT_ORDER.indexOf(path.split(".").at(-1)!.toLowerCase());
}

/** Path of the recording that an annotation file lies beside, under the same name; undefined where there is none. */
export async function recordingBeside(annotationsPath: string): Promise<string | undefined> {
  const stem = recordingStem(annotationsPath);
  const folder = dirname(annotationsPath);
  const name = (await listNames(folder)).find((other) => isMediaName(other) && recordingStem(other) === stem);
  return name === undefined ? undefined : join(folder, name);
}

/** Path of the annotations that lie beside a recording, under the same name; undefined where there are none. */
export async function annotationsBeside(recordingPath: string): Promise<string | undefined> {
  const stem = recordingStem(recordingPath);
  return (await listEventFiles(dirname(recordingPath))).find((path) => recordingStem(path) === stem);
}

/** A recording with the file of what is annotated in it. */
export interface AnnotatedFile {
  readonly recording: string;
  readonly annotations: string;
}

/**
 * Recordings and files of annotations among paths that were named together, as a shell names them for `d/*`; each annotation
 * file goes with the recording of its name, or, where as many of both are left, by order.
 *
 * @param onUnused Told of files that are neither, or that no recording needs.
 * @throws {Deno.errors.NotFound} If a recording has no annotations among the paths or beside it.
 */
export async function pairNamedFiles(
  paths: readonly string[],
  onUnused: (path: string) => void,
): Promise<AnnotatedFile[]> {
  // A name that says nothing is one of a recording only where no other is.
  const media = paths.filter(isMediaName);
  const recordings = media.length > 0 ? media : paths.filter((path) => !isBesideMedia(path));
  const named = paths.filter((path) => EVENT_FILE.test(path)).toSorted((a, b) =>
    formatRank(a) - formatRank(b)
  );
  // The one beside it; one in another folder only where no other recording has that name.
  const ofName = (path: string, among: readonly string[]) => {
    const same = among.filter((other) => recordingStem(other) === recordingStem(path));
    const isOnly = new Set(same.map((other) => dirname(other))).size === 1 &&
      recordings.filter((other) => recordingStem(other) === recordingStem(path)).length <= 1;
    return same.find((other) => dirname(other) === dirname(path)) ?? (isOnly ? same[0] : undefined);
  };
  const open = recordings.filter((path) => ofName(path, named) === undefined);
  const left = paths.filter((path) => named.includes(path) && ofName(path, recordings) === undefined);
  const pairs: AnnotatedFile[] = [];
  for (const recording of recordings) {
    const byOrder = left.length === open.length ? left[open.indexOf(recording)] : undefined;
    const own = ofName(recording, named) ?? byOrder;
    pairs.push(...await pairAnnotations([recording], own === undefined ? [] : [own]));
  }
  for (const path of paths) {
    if (!pairs.some(({ recording, annotations }) => recording === path || annotations === path)) {
      onUnused(path);
    }
  }
  return pairs;
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
): Promise<AnnotatedFile[]> {
  if (given.length > 0 && given.length !== recordings.length) {
    throw new RangeError(
      `there are ${recordings.length} recordings, but ${given.length} files of annotations`,
    );
  }
  return await Promise.all(recordings.map(async (recording, index) => {
    const annotations = given[index] ?? await annotationsBeside(recording);
    if (annotations === undefined) {
      throw new Deno.errors.NotFound(
        `there are no annotations beside ${recording} under the same name; a table with a header alone says that nothing is in it`,
      );
    }
    return { recording, annotations };
  }));
}

/**
 * Name of a recording or of an event file without folder and ending: what the two have in common. Letters with marks are
 * one character each, whichever way a system writes them: macOS splits ü into u and dots.
 */
export function recordingStem(path: string): string {
  // Tables of programs on Windows name recordings with their paths there.
  const name = basename(path.replaceAll("\\", "/")).replace(
    /\.(audacity|raven|chapters|ffmetadata)\.txt$/i,
    "",
  );
  return withoutMediaExtension(name.replace(EVENT_FILE, "")).normalize("NFC");
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
