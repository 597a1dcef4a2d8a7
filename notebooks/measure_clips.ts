/** The clips that labels are about, as the doctor looks at them. */
import { exists } from "lib/base/system/exists.ts";
import { measureClip } from "lib/learning/dataset/clip_measures.ts";
import type { MeasuredClip } from "lib/learning/dataset/data_checks.ts";
import type { LabelEntry, LabelLedger } from "lib/learning/dataset/label_ledger.ts";
import { notLabel } from "lib/learning/dataset/label_name.ts";

/** Measures the clips that are decided for or against an event; those that are not on this machine are passed over. */
export async function measureClips(
  ledger: LabelLedger,
  labels: readonly LabelEntry[],
  event: string,
): Promise<MeasuredClip[]> {
  const clips: MeasuredClip[] = [];
  for (const { clip, label, recording: group } of labels) {
    if (clip === undefined || (label !== event && label !== notLabel(event))) continue;
    const path = ledger.clipPath(clip);
    if (!await exists(path)) continue;
    clips.push({ path, group, measures: await measureClip(path), ...(label === event ? { event } : {}) });
  }
  return clips;
}
