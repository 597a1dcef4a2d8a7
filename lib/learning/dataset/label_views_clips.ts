import { basename } from "node:path";
import { exists } from "lib/base/system/exists.ts";
import { clipDuration, hashFile } from "lib/learning/dataset/clip_file.ts";
import { findClipFiles, type SkippedClip } from "lib/learning/dataset/clip_files.ts";
import type { LabelEntry, LabelSource, NewLabel } from "lib/learning/dataset/label_entry.ts";
import type { LabelLedger } from "lib/learning/dataset/label_ledger.ts";
import type { LabelledFolder } from "lib/learning/dataset/labelled_folder.ts";
import { AudioError } from "lib/media/audio/audio_error.ts";

/** Labels that folders of clips give. */
interface FolderLabels {
  readonly labels: readonly NewLabel[];
  readonly bad: readonly SkippedClip[];
}

/**
 * Reads folders of clips as labels. A clip that the ledger knows under another path, where it is no more, was moved: its
 * recording and its times go with it. The place of other clips in a longer recording is not known, so that each is a
 * recording of its own.
 *
 * @param options `source` says who gives the folders; that a clip was moved is a person's doing in any case.
 */
export async function readClipLabels(
  folders: readonly LabelledFolder[],
  ledger: Pick<LabelLedger, "clipName" | "clipPath">,
  current: readonly LabelEntry[],
  options: {
    readonly source: LabelSource;
    readonly provenance?: NonNullable<NewLabel["provenance"]>;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<FolderLabels> {
  const byClip = new Map(current.flatMap((entry) => entry.clip === undefined ? [] : [[entry.clip, entry]]));
  const byName = Map.groupBy(byClip.values(), (entry) => basename(entry.clip!));
  const labels: NewLabel[] = [];
  const bad: SkippedClip[] = [];
  for (const { path: folder, label } of folders) {
    const { paths, skipped } = await findClipFiles(folder);
    bad.push(...skipped);
    for (const path of paths) {
      options.signal?.throwIfAborted();
      const clip = ledger.clipName(path);
      const known = byClip.get(clip);
      if (known?.label === label) {
        labels.push({ ...place(known), label, source: options.source, clip });
        continue;
      }
      try {
        const sha256 = await hashFile(path);
        const moved = known ?? await findMoved(byName.get(basename(path)) ?? [], sha256, ledger);
        const wasMoved = moved !== undefined && moved !== known;
        const where = moved ? place(moved) : { recording: clip, onset: 0, offset: await clipDuration(path) };
        labels.push({
          ...where,
          label,
          source: wasMoved ? { ...options.source, kind: "person" } : options.source,
          clip,
          ...(wasMoved ? { replaces: moved.id } : {}),
          provenance: { ...moved?.provenance, ...options.provenance, sha256 },
        });
      } catch (error) {
        if (!(error instanceof AudioError)) throw error;
        bad.push({ path, reason: error.message.replace(`${path}: `, "") });
      }
    }
  }
  return { labels, bad };
}

function place({ recording, onset, offset }: LabelEntry): Pick<LabelEntry, "recording" | "onset" | "offset"> {
  return { recording, onset, offset };
}

async function findMoved(
  namesakes: readonly LabelEntry[],
  sha256: string,
  ledger: Pick<LabelLedger, "clipPath">,
): Promise<LabelEntry | undefined> {
  const gone: LabelEntry[] = [];
  for (const entry of namesakes) {
    const known = entry.provenance?.["sha256"];
    if (typeof known === "string" && known !== sha256) continue;
    if (!await exists(ledger.clipPath(entry.clip!))) gone.push(entry);
  }
  // Two clips of one name that are both gone: no telling which of them this is.
  return gone.length === 1 ? gone[0] : undefined;
}
