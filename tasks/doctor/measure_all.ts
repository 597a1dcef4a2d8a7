import { findClipFiles, type SkippedClip } from "lib/learning/dataset/clip_files.ts";
import { clipGroup } from "lib/learning/dataset/clip_group.ts";
import { measureClip } from "lib/learning/dataset/clip_measures.ts";
import type { MeasuredClip } from "lib/learning/dataset/data_checks.ts";
import { openLedger } from "lib/learning/dataset/label_ledger.ts";
import { ledgerGroups } from "lib/learning/dataset/ledger_groups.ts";
import { AudioError } from "lib/media/audio/audio_error.ts";
import type { Progress } from "tasks/command.ts";
import type { FolderPlan } from "tasks/train/folders.ts";
import { groupPattern } from "tasks/train/group_pattern.ts";

/** Reads and measures all clips of a plan; those that cannot be read are named. */
export async function measureAll(
  plan: FolderPlan,
  options: { readonly ledger: string; readonly groupBy: string | undefined },
  { progress, signal }: { readonly progress: Progress; readonly signal: AbortSignal },
): Promise<{ clips: MeasuredClip[]; bad: SkippedClip[] }> {
  const files: { path: string; event?: string }[] = [];
  const bad: SkippedClip[] = [];
  const list = async (folder: string) => {
    const { paths, skipped } = await findClipFiles(folder);
    bad.push(...skipped);
    return paths;
  };
  for (const { event, folders } of plan.positives) {
    for (const folder of folders) for (const path of await list(folder)) files.push({ path, event });
  }
  for (const folder of plan.negatives) for (const path of await list(folder)) files.push({ path });
  const groupOf = await createGrouping(options);
  const bar = await progress.start("clips", files.length);
  const clips: MeasuredClip[] = [];
  for (const [index, file] of files.entries()) {
    signal.throwIfAborted();
    try {
      const measures = await measureClip(file.path, { signal });
      clips.push({ ...file, group: groupOf(file.path), measures });
    } catch (error) {
      if (!(error instanceof AudioError)) throw error;
      bad.push({ path: file.path, reason: error.message.replace(`${file.path}: `, "") });
    }
    bar.update(index + 1);
  }
  bar.stop();
  return { clips, bad };
}

/** The ledger knows best; then the pattern; then the name. A ledger that cannot be read is reported elsewhere. */
async function createGrouping(
  { ledger: path, groupBy }: { readonly ledger: string; readonly groupBy: string | undefined },
): Promise<(path: string) => string> {
  const ledger = openLedger(path);
  const known = ledgerGroups(await ledger.current().catch(() => []), ledger);
  const pattern = groupPattern(groupBy);
  return (clip) => known(clip) ?? clipGroup(clip, pattern);
}
