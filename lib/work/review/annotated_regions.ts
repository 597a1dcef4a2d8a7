import { basename } from "node:path";
import { annotationsBeside, readEventFile } from "lib/learning/evaluate/event_files.ts";
import { rowsOfRecording } from "lib/learning/evaluate/named_recordings.ts";
import type { Region } from "lib/work/review/regions.ts";
import { shortHash } from "lib/work/review/label_chains.ts";
import type { RecordingFile } from "lib/work/review/recording_files.ts";

/** How the ids of labels begin that stand in a file beside the recording, not in the ledger. */
const FILE_ID = "file-";

/** Whether an id is that of a label in a file beside the recording. */
export function isAnnotatedRegion(id: string): boolean {
  return id.startsWith(FILE_ID);
}

/**
 * What is annotated in a recording, in the event file of its name beside it, by time; none where that cannot be read. What
 * the ledger says of the same span goes before it: so a correction takes its place.
 *
 * @param event What events are that have no label.
 */
export async function annotatedRegions(
  { path }: RecordingFile,
  known: readonly Region[],
  { event }: { readonly event: string },
): Promise<Region[]> {
  const annotations = await annotationsBeside(path);
  if (annotations === undefined) return [];
  try {
    // A link could lead out of the folders that may be read.
    if (!(await Deno.lstat(annotations)).isFile) return [];
    const rows = rowsOfRecording(await readEventFile(annotations), path);
    const source = { kind: "import" as const, name: basename(annotations) };
    return rows
      .map(({ onset, offset, label }) => ({ onset, offset, label: label || event }))
      .filter(({ onset, offset }) => !known.some((other) => onset < other.offset && other.onset < offset))
      .map((row) => ({ id: `${FILE_ID}${shortHash(JSON.stringify(row))}`, ...row, source }))
      .toSorted((a, b) => a.onset - b.onset);
  } catch {
    // Another kind of table: nothing to show.
    return [];
  }
}
