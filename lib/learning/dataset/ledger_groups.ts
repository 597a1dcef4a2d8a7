import type { LabelEntry } from "lib/learning/dataset/label_entry.ts";
import type { LabelLedger } from "lib/learning/dataset/label_ledger.ts";

/**
 * The groups that the ledger knows: the recording that each clip was cut from, which no split may put on both sides.
 * Clips whose recording is not known are left to their names.
 *
 * @returns Gives the group of a clip's path, or undefined.
 */
export function ledgerGroups(
  current: readonly LabelEntry[],
  ledger: Pick<LabelLedger, "clipName">,
): (path: string) => string | undefined {
  const groups = new Map<string, string>();
  for (const { clip, recording } of current) {
    if (clip !== undefined && clip !== recording) groups.set(clip, recordingGroup(recording));
  }
  return (path) => groups.get(ledger.clipName(path));
}

/** One name for a recording that is called by its VOD id, its file or its address. */
export function recordingGroup(recording: string): string {
  const vod = /(?:^v?|\/videos\/|(?:^|[/\\])v?)(\d{8,12})(?=\.\w{1,5}$|[?#]|$)/.exec(recording);
  return vod ? vod[1]! : recording.normalize("NFC");
}
