import { basename, join } from "node:path";
import type { LabelEntry } from "lib/learning/dataset/label_entry.ts";
import type { LabelLedger, LedgerContent } from "lib/learning/dataset/label_ledger.ts";
import { parseLabel } from "lib/learning/dataset/label_name.ts";
import type { ClipSource } from "lib/work/review/answers.ts";
import { readFoundEvents } from "lib/work/search/found_events.ts";
import { chainLabels, clipId, type LabelChain, personLabel, placeId } from "lib/work/review/label_chains.ts";
import type { RecordingFiles } from "lib/work/review/recording_files.ts";

/** A sound to be reviewed. */
export interface ReviewItem {
  readonly id: string;
  /** Where it comes from. */
  readonly sources: readonly Exclude<ClipSource, "queue">[];
  /** What is heard: a clip, or with `start` and `duration` a part of a recording. */
  readonly media: { readonly path: string; readonly start?: number; readonly duration?: number | undefined };
  /** The clip as the ledger calls it. */
  readonly clip?: string;
  readonly recording: string;
  /** Where in the recording that which is heard begins, in seconds. */
  readonly start: number;
  /** Where the sound seems to be, in seconds of the recording. */
  readonly onset: number;
  readonly offset: number;
  /** From 0 to 1. */
  readonly score?: number;
  /** Labels that were not taken back. */
  readonly entries: readonly LabelEntry[];
  /** The person's label that holds. */
  readonly answer?: LabelEntry;
}

/** What items are looked for with. */
export interface ItemSources {
  readonly ledger: Pick<LabelLedger, "clipName" | "clipPath">;
  readonly events: readonly string[];
  readonly foundFolder: string;
  readonly recordings: RecordingFiles;
}

/** Sound shown on both sides of an event that has no clip of its own with surroundings, in seconds. */
const CONTEXT = 1;
/** Longest sound that is reviewed at once, in seconds. */
export const MAX_ITEM_SECONDS = 60;

/** Everything that there is to review: first what the ledger knows, then what was found, each in its order. */
export async function collectItems(content: LedgerContent, options: ItemSources): Promise<ReviewItem[]> {
  const chains = new Map(chainLabels(content).map((chain) => [chain.id, chain]));
  const items = new Map<string, ReviewItem>();
  for (const item of await Promise.all(chains.values().map((chain) => itemOfChain(chain, options)))) {
    if (item) items.set(item.id, item);
  }
  for (const item of await foundItems(chains, options)) {
    const known = items.get(item.id);
    items.set(item.id, known ? { ...known, sources: [...known.sources, ...item.sources] } : item);
  }
  return [...items.values()];
}

async function itemOfChain(chain: LabelChain, options: ItemSources): Promise<ReviewItem | undefined> {
  const others = chain.entries.filter((entry) =>
    entry.source.kind !== "person" && isAbout(entry, options.events)
  );
  const [first] = others;
  const latest = chain.holding.at(-1) ?? chain.entries.at(-1);
  if (!first || !latest) return undefined;
  const sources = [
    ...new Set(others.map(({ label }) => label === "unsure" ? "ledger" as const : "unconfirmed")),
  ];
  const { recording } = first;
  const clip = latest.clip ?? first.clip;
  const common = { id: chain.id, sources, recording, ...stateOf(chain), ...scoreOf(first) };
  const path = clip === undefined ? undefined : options.ledger.clipPath(clip);
  if (path !== undefined && await isFile(path)) {
    const clipStart = first.provenance?.["clipStart"];
    const start = typeof clipStart === "number" ? clipStart : recording === first.clip ? 0 : first.onset;
    return { ...common, media: { path }, clip: clip!, start, onset: first.onset, offset: first.offset };
  }
  return await partOfRecording({ ...common, onset: first.onset, offset: first.offset }, options);
}

/** Events that searches kept, by folder; undefined labels of other events are left out. */
async function foundItems(
  chains: ReadonlyMap<string, LabelChain>,
  options: ItemSources,
): Promise<ReviewItem[]> {
  const items: ReviewItem[] = [];
  for (const { folder, isBot, rows } of await readFoundEvents(options.foundFolder)) {
    for (const row of rows) {
      if (!options.events.includes(row.label)) continue;
      const path = row.clip === undefined ? undefined : join(folder, "clips", basename(row.clip));
      const clip = path === undefined ? undefined : options.ledger.clipName(path);
      const recording = row.recording ?? clip;
      if (recording === undefined) continue;
      const id = clip === undefined ? placeId(recording, row.onset) : clipId(clip);
      const place = {
        id,
        sources: [isBot ? "bot" as const : "found" as const],
        recording,
        onset: row.onset,
        offset: row.offset,
        ...(row.score === undefined ? {} : { score: row.score }),
        ...stateOf(chains.get(id)),
      };
      const hasClip = path !== undefined && await isFile(path);
      // With what surrounds it where the recording is at hand: found clips end where the event does.
      const part = await partOfRecording(place, options);
      if (part) items.push(hasClip ? { ...part, clip: clip! } : part);
      else if (hasClip) items.push({ ...place, media: { path }, clip: clip!, start: Math.max(0, row.onset) });
    }
  }
  return items;
}

async function partOfRecording(
  place: Omit<ReviewItem, "media" | "start">,
  { recordings }: ItemSources,
): Promise<ReviewItem | undefined> {
  const path = await recordings.pathOf(place.recording);
  if (path === undefined) return undefined;
  const start = Math.max(0, place.onset - CONTEXT);
  const duration = Math.min(MAX_ITEM_SECONDS, place.offset + CONTEXT - start);
  return { ...place, media: { path, start, duration }, start };
}

function stateOf(chain: LabelChain | undefined): Pick<ReviewItem, "entries" | "answer"> {
  const answer = chain && personLabel(chain.holding);
  return { entries: chain?.entries ?? [], ...(answer && { answer }) };
}

function scoreOf({ provenance }: LabelEntry): Pick<ReviewItem, "score"> {
  const score = provenance?.["score"] ?? provenance?.["modelScore"];
  return typeof score === "number" && score >= 0 && score <= 1 ? { score } : {};
}

function isAbout({ label, provenance }: LabelEntry, events: readonly string[]): boolean {
  const meaning = parseLabel(label);
  if ("event" in meaning) return events.includes(meaning.event);
  const event = provenance?.["event"];
  return meaning.kind === "unsure" && (typeof event !== "string" || events.includes(event));
}

async function isFile(path: string): Promise<boolean> {
  return await Deno.stat(path).then((info) => info.isFile, () => false);
}
