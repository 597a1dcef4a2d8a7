import { join } from "node:path";
import { listEventFiles, listNames, recordingStem } from "lib/learning/evaluate/event_files.ts";

/** The found events and the annotations of one recording. */
export interface EventFilePair {
  /** Name of the recording. */
  readonly name: string;
  readonly foundPath: string;
  readonly annotationsPath: string;
}

/** The pairs of two folders. */
interface PairedFiles {
  readonly pairs: readonly EventFilePair[];
  /** Names of recordings that are annotated, but of which there are no found events. */
  readonly notSearched: readonly string[];
}

/**
 * Pairs what was found with annotations: two files, or two folders in which both go by the name of the recording. In the
 * folder of found events, `NAME.csv` (or another event format), `NAME.m4a/events.csv` and `NAME/events.csv` belong to the
 * annotations `NAME.csv` or `NAME.txt`. Annotations can also be one file for a folder that `find` wrote.
 *
 * @throws {Deno.errors.NotFound} If one of the paths does not exist, or nothing can be paired.
 */
export async function pairEventFiles(found: string, annotations: string): Promise<PairedFiles> {
  const [foundIsFolder, annotationsIsFolder] = [await isFolder(found), await isFolder(annotations)];
  const files = annotationsIsFolder ? await listEventFiles(annotations) : [annotations];
  const pairs: EventFilePair[] = [];
  const names: string[] = [];
  for (const annotationsPath of files) {
    const name = recordingStem(annotationsPath);
    // The same annotations in several formats count once.
    if (names.includes(name)) continue;
    names.push(name);
    const foundPath = foundIsFolder ? await findEventsOf(found, name, !annotationsIsFolder) : found;
    if (foundPath !== undefined) pairs.push({ name, foundPath, annotationsPath });
  }
  if (names.length === 0) throw new Deno.errors.NotFound(`there are no annotations in ${annotations}`);
  if (annotationsIsFolder && !foundIsFolder && pairs.length > 1) {
    throw new Deno.errors.NotFound(
      `${found} is one file, but ${annotations} has annotations of ${pairs.length}`,
    );
  }
  if (pairs.length === 0) {
    throw new Deno.errors.NotFound(
      `there are no found events of ${names.join(", ")} in ${found}; run find first`,
    );
  }
  return { pairs, notSearched: names.filter((name) => !pairs.some((pair) => pair.name === name)) };
}

async function findEventsOf(folder: string, name: string, isOnly: boolean): Promise<string | undefined> {
  const beside = (await listEventFiles(folder)).find((path) => recordingStem(path) === name);
  if (beside !== undefined) return beside;
  for (const entry of await listNames(folder)) {
    if (recordingStem(entry) !== name || !await isFolder(join(folder, entry))) continue;
    const inside = await listEventFiles(join(folder, entry));
    return inside.find((path) => recordingStem(path) === "events") ?? inside[0];
  }
  // The folder may be what was found in the one recording.
  if (!isOnly) return undefined;
  return (await listEventFiles(folder)).find((path) => recordingStem(path) === "events");
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new Deno.errors.NotFound(`${path} does not exist`, { cause: error });
  }
}
