import { clipDuration } from "lib/learning/dataset/clip_file.ts";
import { exportClips } from "lib/learning/dataset/export_clips.ts";
import type { LabelEntry, NewLabel } from "lib/learning/dataset/label_entry.ts";
import type { LabelLedger } from "lib/learning/dataset/label_ledger.ts";
import { parseLabel } from "lib/learning/dataset/label_name.ts";

/** A clip and the label that it should have. */
interface Relabelling {
  readonly path: string;
  /** `<event>`, `not-<event>`, `unsure` or `skip`. */
  readonly label: string;
}

/** What became of relabelled clips. */
interface Relabelled {
  /** The labels that were written; clips that had theirs already are not among them. */
  readonly entries: readonly LabelEntry[];
  /** Clips that were moved to the folder of their new label. */
  readonly moved: readonly { readonly from: string; readonly to: string }[];
  /** Clips that still lie in the folder of their old label, and why. */
  readonly left: readonly { readonly path: string; readonly reason: string }[];
}

/**
 * Gives clips other labels: a line in the ledger for each, which corrects the one before, so that it can be traced and
 * taken back. With `clipsRoot`, clips below it move to the folder of their new label, where training finds them.
 *
 * @param options.by Who decided.
 * @param options.why Kept with the label, such as the score that made them suspicious.
 * @throws {SyntaxError} If a label is none.
 * @throws {AudioError} If the ledger does not know a clip, and it is no sound.
 */
export async function relabelClips(
  ledger: LabelLedger,
  changes: readonly Relabelling[],
  options: {
    readonly by: string;
    readonly command: string;
    readonly why?: NonNullable<NewLabel["provenance"]>;
    readonly clipsRoot?: string;
  },
): Promise<Relabelled> {
  for (const { label } of changes) parseLabel(label);
  const clips = changes.map(({ path, label }) => ({ path, label, clip: ledger.clipName(path) }));
  const known = new Set((await ledger.current()).map(({ clip }) => clip));
  const durations = new Map<string, number>();
  for (const { path, clip } of clips) {
    // Before the lock: reading a file may take long.
    if (!known.has(clip)) durations.set(clip, await clipDuration(path));
  }
  const entries = await ledger.update((_, current) =>
    clips.flatMap(({ clip, label }): NewLabel[] => {
      const before = current.findLast((entry) => entry.clip === clip);
      if (before?.label === label) return [];
      return [{
        recording: before?.recording ?? clip,
        onset: before?.onset ?? 0,
        offset: before?.offset ?? durations.get(clip) ?? 0,
        label,
        source: { kind: "person", name: options.by, command: options.command },
        clip,
        ...(before ? { replaces: before.id } : {}),
        provenance: { ...before?.provenance, ...options.why },
      }];
    })
  );
  if (options.clipsRoot === undefined) return { entries, moved: [], left: [] };
  return { entries, ...await moveClips(ledger, options.clipsRoot, entries) };
}

async function moveClips(
  ledger: LabelLedger,
  clipsRoot: string,
  entries: readonly LabelEntry[],
): Promise<Pick<Relabelled, "moved" | "left">> {
  const moved: { from: string; to: string }[] = [];
  const left: { path: string; reason: string }[] = [];
  const root = `${ledger.clipName(clipsRoot)}/`;
  const inside = entries.filter(({ clip }) => clip!.startsWith(root));
  for (const { clip } of entries.filter((entry) => !inside.includes(entry))) {
    const reason = `it lies outside ${clipsRoot}: move it by hand, or its folder still says what it was`;
    left.push({ path: ledger.clipPath(clip!), reason });
  }
  for (const { entry, done, path, reason } of await exportClips(ledger, clipsRoot, { labels: inside })) {
    const from = ledger.clipPath(entry.clip!);
    if (done === "moved") moved.push({ from, to: path });
    else if (done === "failed") left.push({ path: from, reason: reason ?? "it could not be moved" });
  }
  for (const { clip, label } of inside) {
    // Neither the event nor its opposite: there is no folder for it.
    if ("event" in parseLabel(label)) continue;
    left.push({ path: ledger.clipPath(clip!), reason: `"${label}" has no folder: training still uses it` });
  }
  return { moved, left };
}
