import { dirname } from "node:path";
import { exists } from "lib/base/system/exists.ts";
import { currentLabels } from "lib/learning/dataset/current_labels.ts";
import type { LabelEntry, LabelSource, UndoEntry } from "lib/learning/dataset/label_entry.ts";
import type { LabelLedger } from "lib/learning/dataset/label_ledger.ts";
import type { UndoTarget } from "lib/learning/dataset/undo_target.ts";

/** What {@link undoLabels} did. */
interface UndoneLabels {
  /** The lines that were added. */
  readonly undos: readonly UndoEntry[];
  /** Clips that went back to the folder of the label that holds again. */
  readonly moved: readonly { readonly from: string; readonly to: string }[];
}

/**
 * Takes labels back, or brings back what was taken back, and moves their clips to where the labels that hold now say that
 * they are. Nothing is overwritten: a clip whose place is taken stays where it is. Whoever calls `LabelLedger.undo` alone
 * parts the ledger from the files.
 *
 * @throws As `LabelLedger.undo`.
 */
export async function undoLabels(
  ledger: LabelLedger,
  target: UndoTarget,
  who: LabelSource,
): Promise<UndoneLabels> {
  const undos = await ledger.undo(target, who);
  const content = await ledger.entries();
  const byId = new Map<string, LabelEntry | UndoEntry>(
    [...content.entries, ...content.undos].map((entry) => [entry.id, entry]),
  );
  const touched = new Set(undos.flatMap(({ undoes }) => {
    let entry = byId.get(undoes);
    while (entry && "undoes" in entry) entry = byId.get(entry.undoes);
    return entry ? [rootOf(entry, byId)] : [];
  }));
  const current = currentLabels(content);
  const claimed = new Set(current.map(({ clip }) => clip));
  const moved: { from: string; to: string }[] = [];
  for (const { clip, ...entry } of current) {
    const root = rootOf(entry, byId);
    if (clip === undefined || !touched.has(root) || await exists(ledger.clipPath(clip))) continue;
    const to = ledger.clipPath(clip);
    for (const other of content.entries.filter((one) => rootOf(one, byId) === root).toReversed()) {
      if (other.clip === undefined || claimed.has(other.clip)) continue;
      const from = ledger.clipPath(other.clip);
      if (!await exists(from)) continue;
      await Deno.mkdir(dirname(to), { recursive: true });
      await Deno.rename(from, to);
      moved.push({ from, to });
      break;
    }
  }
  return { undos, moved };
}

/** Id of the label that a chain of corrections began with. */
function rootOf(
  entry: Pick<LabelEntry, "id" | "replaces">,
  byId: ReadonlyMap<string, LabelEntry | UndoEntry>,
): string {
  let root = entry;
  while (root.replaces !== undefined) {
    const older = byId.get(root.replaces);
    if (!older || "undoes" in older) break;
    root = older;
  }
  return root.id;
}
