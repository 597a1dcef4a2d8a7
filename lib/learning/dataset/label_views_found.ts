import { basename, dirname, join, relative } from "node:path";
import { readCsvEvents } from "lib/base/events/csv_events.ts";
import { decodeText } from "lib/base/events/decode_text.ts";
import type { EventRow } from "lib/base/events/sound_event.ts";
import { exists } from "lib/base/system/exists.ts";
import { clipDuration, copyClip, hashFile } from "lib/learning/dataset/clip_file.ts";
import { findClipFiles, type SkippedClip } from "lib/learning/dataset/clip_files.ts";
import type { LabelSource, NewLabel } from "lib/learning/dataset/label_entry.ts";
import type { LabelLedger } from "lib/learning/dataset/label_ledger.ts";
import { clipFolderName, findLabelledFolders } from "lib/learning/dataset/labelled_folder.ts";
import { AudioError } from "lib/media/audio/audio_error.ts";

/** A clip that was found by a model and sorted by a person, and where it belongs. */
interface SortedClip {
  /** Where the person put it. */
  readonly path: string;
  /** Its place among the clips to train on. */
  readonly target: string;
  readonly label: NewLabel;
}

/** What the folders of found clips hold for the ledger. */
interface SortedClips {
  readonly clips: readonly SortedClip[];
  readonly bad: readonly SkippedClip[];
}

/**
 * Reads the found clips that a person moved into folders such as `burps` and `not-burps`, anywhere below the folder of
 * found events. Recording, times and score come from the `events.csv` that the search wrote.
 *
 * @param foundRoot Such as `data/found`.
 * @param options `events` are the names that folders are looked for; `clipsRoot` is where clips to train on are kept.
 */
export async function readSortedClips(
  foundRoot: string,
  ledger: Pick<LabelLedger, "clipName">,
  options: {
    readonly events: readonly string[];
    readonly clipsRoot: string;
    readonly source: LabelSource;
    readonly provenance?: NonNullable<NewLabel["provenance"]>;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<SortedClips> {
  const folders = await findLabelledFolders(foundRoot, options.events);
  if (folders.length === 0) return { clips: [], bad: [] };
  const rows = await readFoundRows(foundRoot);
  const clips: SortedClip[] = [];
  const bad: SkippedClip[] = [];
  for (const { path: folder, label } of folders) {
    const { paths, skipped } = await findClipFiles(folder);
    bad.push(...skipped);
    for (const path of paths) {
      options.signal?.throwIfAborted();
      const target = join(options.clipsRoot, clipFolderName(label), basename(path));
      const clip = ledger.clipName(target);
      try {
        const row = nearestRow(rows.get(basename(path)) ?? [], path);
        const where = row
          ? { recording: row.recording ?? clip, onset: row.onset, offset: row.offset }
          : { recording: clip, onset: 0, offset: await clipDuration(path) };
        const provenance = {
          ...options.provenance,
          sha256: await hashFile(path),
          foundAs: relative(foundRoot, path).replaceAll("\\", "/"),
          ...(row?.score === undefined ? {} : { score: row.score }),
          ...(row?.url === undefined ? {} : { url: row.url }),
        };
        clips.push({ path, target, label: { ...where, label, source: options.source, clip, provenance } });
      } catch (error) {
        if (!(error instanceof AudioError)) throw error;
        bad.push({ path, reason: error.message.replace(`${path}: `, "") });
      }
    }
  }
  return { clips, bad };
}

/**
 * Puts sorted clips in their place: first a copy, which must be whole before the ledger speaks of it. After the ledger
 * has been written, {@link removeSorted} takes away the original, so that an interruption at any moment loses nothing.
 *
 * @returns Those whose place is taken by another clip of the same name, which is left alone.
 */
export async function placeSorted(clips: readonly SortedClip[]): Promise<SortedClip[]> {
  const refused: SortedClip[] = [];
  for (const clip of clips) if (!await copyClip(clip.path, clip.target)) refused.push(clip);
  return refused;
}

/** Removes the originals of clips that lie in their place. */
export async function removeSorted(clips: readonly SortedClip[]): Promise<void> {
  for (const { path, target } of clips) {
    const isPlaced = await exists(path) && await exists(target) &&
      await hashFile(path) === await hashFile(target);
    if (isPlaced) await Deno.remove(path);
  }
}

interface FoundRow extends EventRow {
  /** The folder of the `events.csv`. */
  readonly folder: string;
}

/** Rows of all searches below a folder, by the name of their clip. */
async function readFoundRows(root: string): Promise<Map<string, FoundRow[]>> {
  const rows: FoundRow[] = [];
  const visit = async (folder: string) => {
    for await (const entry of Deno.readDir(folder)) {
      const path = join(folder, entry.name);
      if (entry.isDirectory) await visit(path);
      else if (entry.name === "events.csv") {
        for (const row of readCsvEvents(decodeText(await Deno.readFile(path)))) rows.push({ ...row, folder });
      }
    }
  };
  await visit(root);
  return Map.groupBy(rows.filter((row) => row.clip !== undefined), (row) => basename(row.clip!));
}

/** The row of the search that is closest above the clip; undefined where several searches may have cut it. */
function nearestRow(rows: readonly FoundRow[], path: string): FoundRow | undefined {
  const above = rows.filter((row) => !relative(row.folder, dirname(path)).startsWith(".."));
  const [first, second] = (above.length > 0 ? above : rows)
    .toSorted((a, b) => b.folder.length - a.folder.length);
  const isTold = second === undefined || second.folder.length < first!.folder.length ||
    (second.recording === first!.recording && second.onset === first!.onset);
  return isTold ? first : undefined;
}
