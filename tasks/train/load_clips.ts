import type { Logger } from "lib/base/system/logger.ts";
import type { Clip } from "lib/learning/dataset/clip.ts";
import type { ClipFolderOptions } from "lib/learning/dataset/clip_folder.ts";
import { readGroupedClips } from "lib/learning/dataset/grouped_clips.ts";
import type { LabelLedger } from "lib/learning/dataset/label_ledger.ts";

/** Reads clips, with the recordings that the ledger knows, and says what was read and what was left out. */
export async function loadClips(
  folders: readonly string[],
  { log, called = "negative clips", ...options }: Omit<ClipFolderOptions, "event"> & {
    readonly ledger?: LabelLedger;
    readonly log: Logger;
    /** What they are to whoever gave them, without an event. */
    readonly called?: string;
  },
  event?: string,
): Promise<readonly Clip[]> {
  if (folders.length === 0) return [];
  const { clips, skipped } = await readGroupedClips(folders, {
    ...options,
    ...(event !== undefined && { event }),
  });
  for (const { path, reason } of skipped) log.warn(`${path}: skipped, ${reason}`);
  log.info(
    `${clips.length} ${event === undefined ? called : `clips of ${event}`} in ${folders.join(", ")}`,
  );
  return clips;
}
