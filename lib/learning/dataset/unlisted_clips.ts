import { findClipFiles } from "lib/learning/dataset/clip_files.ts";
import type { LabelLedger } from "lib/learning/dataset/label_ledger.ts";
import { findLabelledFolders } from "lib/learning/dataset/labelled_folder.ts";

/** Clips of a folder that the ledger does not know. */
interface UnlistedClips {
  readonly folder: string;
  readonly count: number;
}

/**
 * Counts, by folder, the clips of `<event>-audio`, `not-<event>-audio` and the like that no label in the ledger names:
 * somebody copied them there, and the labelling page asks only about what the ledger knows.
 *
 * @param root Folder of the clip folders; may be missing.
 */
export async function countUnlistedClips(
  root: string,
  events: readonly string[],
  ledger: Pick<LabelLedger, "entries" | "clipName">,
): Promise<UnlistedClips[]> {
  const known = new Set((await ledger.entries()).entries.map(({ clip }) => clip));
  const found: UnlistedClips[] = [];
  for (const { path } of await findLabelledFolders(root, events)) {
    const count = (await findClipFiles(path)).paths.filter((clip) =>
      !known.has(ledger.clipName(clip))
    ).length;
    if (count > 0) found.push({ folder: path, count });
  }
  return found;
}
