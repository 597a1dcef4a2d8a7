import { exists } from "lib/base/system/exists.ts";
import { exportClips } from "lib/learning/dataset/export_clips.ts";
import { isAbout } from "lib/learning/dataset/export_labels.ts";
import type { Review } from "lib/work/review/open_review.ts";

/** Brings the clip folders of a review in line with its labels. */
export async function exportOwnClips(
  { ledger, options, scope, recordings, signal }: Review,
): ReturnType<typeof exportClips> {
  const current = (await ledger.current()).filter((entry) => isAbout(entry, options.events));
  // A file that was imported may name any clip: those outside of the data folder are not to be copied into it.
  const isOurs = await Promise.all(current.map(async ({ clip }) => {
    const path = clip === undefined ? undefined : ledger.clipPath(clip);
    return path === undefined || !await exists(path) ||
      await scope.realFile(path).then(() => true, () => false);
  }));
  return await exportClips(ledger, options.clipsFolder, {
    labels: current.filter((_, i) => isOurs[i]),
    recordingPath: recordings.pathOf,
    signal,
  });
}
