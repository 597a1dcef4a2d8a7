import {
  type ClipFolderOptions,
  type ClipFolders,
  readClipFolders,
} from "lib/learning/dataset/clip_folder.ts";
import { DEFAULT_LEDGER_PATH, type LabelLedger, openLedger } from "lib/learning/dataset/label_ledger.ts";
import { ledgerGroups } from "lib/learning/dataset/ledger_groups.ts";

/**
 * Reads clip folders as `readClipFolders()` does. Where the ledger knows which recording a clip was cut from, that is its
 * group, whatever its name says.
 *
 * @throws {Deno.errors.NotFound} If a folder is missing.
 */
export async function readGroupedClips(
  folders: readonly string[],
  { ledger = openLedger(DEFAULT_LEDGER_PATH), ...options }: ClipFolderOptions & {
    readonly ledger?: LabelLedger;
  },
): Promise<ClipFolders> {
  const { clips, skipped } = await readClipFolders(folders, options);
  const known = ledgerGroups(await ledger.current(), ledger);
  return { clips: clips.map((clip) => ({ ...clip, group: known(clip.path) ?? clip.group })), skipped };
}
