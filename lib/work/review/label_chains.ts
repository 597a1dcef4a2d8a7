import { createHash } from "node:crypto";
import { currentLabels, undoneIds } from "lib/learning/dataset/current_labels.ts";
import type { LabelEntry } from "lib/learning/dataset/label_entry.ts";
import type { LedgerContent } from "lib/learning/dataset/ledger_text.ts";

/** What the page writes as the command of its labels. */
export const PAGE_COMMAND = "deno task label";

/** All labels of one sound: those of one clip and those that correct each other. */
export interface LabelChain {
  /** Stays the same when the clip is moved or labelled again. */
  readonly id: string;
  /** All but those that were taken back, in the order in which they were written. */
  readonly entries: readonly LabelEntry[];
  /** Those of them that hold. */
  readonly holding: readonly LabelEntry[];
}

/** Id of a clip to review, by its name in the ledger. */
export function clipId(clip: string): string {
  return shortHash(`clip ${clip}`);
}

/** Id of a span to review that has no clip. */
export function placeId(recording: string, onset: number): string {
  return shortHash(`place ${recording} ${onset.toFixed(3)}`);
}

/** Twenty digits of a hash: ids of what the page asks for. */
export function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 20);
}

/** Puts the labels of a ledger together by the sound that they are about; in the order of their first labels. */
export function chainLabels(content: Pick<LedgerContent, "entries" | "undos">): LabelChain[] {
  const parents = new Map<string, string>();
  const find = (key: string): string => {
    let root = key;
    for (
      let parent = parents.get(root);
      parent !== undefined && parent !== root;
      parent = parents.get(root)
    ) {
      root = parent;
    }
    parents.set(key, root);
    return root;
  };
  for (const entry of content.entries) {
    const root = find(`id ${entry.id}`);
    if (entry.replaces !== undefined) parents.set(root, find(`id ${entry.replaces}`));
    for (const key of soundKeys(entry)) parents.set(find(key), find(`id ${entry.id}`));
  }
  const undone = undoneIds(content.undos);
  const holding = new Set(currentLabels(content).map(({ id }) => id));
  return [...Map.groupBy(content.entries, (entry) => find(`id ${entry.id}`)).values()].map((all) => {
    const [root] = all;
    const entries = all.filter(({ id }) => !undone.has(id));
    return { id: chainId(root!), entries, holding: entries.filter(({ id }) => holding.has(id)) };
  });
}

/** The person's label that holds, of several the latest. */
export function personLabel(holding: readonly LabelEntry[]): LabelEntry | undefined {
  return holding.findLast(({ source }) => source.kind === "person");
}

function soundKeys({ clip, provenance }: LabelEntry): string[] {
  const item = provenance?.["item"];
  return [
    ...(clip === undefined ? [] : [`clip ${clip}`]),
    ...(typeof item === "string" ? [`item ${item}`] : []),
  ];
}

function chainId({ clip, recording, onset, provenance }: LabelEntry): string {
  const item = provenance?.["item"];
  if (typeof item === "string") return item;
  return clip === undefined ? placeId(recording, onset) : clipId(clip);
}
