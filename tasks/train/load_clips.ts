import type { Clip } from "lib/dataset/clip.ts";
import { type ClipFolderOptions, readClipFolders } from "lib/dataset/clip_folder.ts";
import { DEFAULT_LEDGER_PATH, openLedger } from "lib/dataset/label_ledger.ts";
import { ledgerGroups } from "lib/dataset/ledger_groups.ts";
import type { Logger } from "lib/system/logger.ts";

/**
 * Reads clips and says what was read and what was left out. Where the ledger knows which recording a clip was cut from,
 * that is its group, whatever its name says.
 */
export async function loadClips(
  folders: readonly string[],
  { log, ...options }: Omit<ClipFolderOptions, "event"> & { readonly log: Logger },
  event?: string,
): Promise<readonly Clip[]> {
  const { clips, skipped } = await readClipFolders(folders, {
    ...options,
    ...(event !== undefined && { event }),
  });
  for (const { path, reason } of skipped) log.warn(`${path}: skipped, ${reason}`);
  log.info(
    `${clips.length} ${event === undefined ? "negative clips" : `clips of ${event}`} in ${
      folders.join(", ")
    }`,
  );
  const ledger = openLedger(DEFAULT_LEDGER_PATH);
  const known = ledgerGroups(await ledger.current(), ledger);
  return clips.map((clip) => ({ ...clip, group: known(clip.path) ?? clip.group }));
}
