import { type QueueItem, queueSteps } from "lib/learning/dataset/active_learning_queue.ts";
import { currentLabels } from "lib/learning/dataset/current_labels.ts";
import type { LabelLedger, LedgerContent } from "lib/learning/dataset/label_ledger.ts";
import { parseLabel } from "lib/learning/dataset/label_name.ts";
import type { HearPlace, SoundPlace } from "lib/work/review/heard_clips.ts";
import type { ReviewItem } from "lib/work/review/review_items.ts";

/** Unknown sounds that are compared; the time grows with the square of their number. */
const MAX_COMPARED = 1000;
/** More labelled clips than that say nothing new about what is known. */
const MAX_LABELLED = 500;

/** What a label of a sound is worth, and why. */
export interface ItemWorth extends Omit<QueueItem, "id"> {
  /** What models say of it, from 0 to 1. */
  readonly scores: readonly number[];
}

/** How far nobody knows what a sound is: 0 for one without any label, 1 for one that only a person has not confirmed, 2. */
function knowledgeOf({ answer, sources }: ReviewItem): number {
  return answer ? 2 : Number(sources.includes("unconfirmed"));
}

/** Whether neither a person nor anything else has said what a sound is. */
export function isUnknown(item: ReviewItem): boolean {
  return knowledgeOf(item) === 0;
}

/**
 * The one order in which to label: unknown sounds first, those of most worth before the others, then those whose label nobody
 * has confirmed, then those that a person has answered. Where the worth is not known, a score near one half comes first.
 */
export function inLabelOrder(
  items: readonly ReviewItem[],
  worth: ReadonlyMap<string, unknown> = new Map(),
): ReviewItem[] {
  const places = new Map([...worth.keys()].map((id, place) => [id, place]));
  const placeOf = ({ id }: ReviewItem) => places.get(id) ?? places.size;
  const doubt = ({ score }: ReviewItem) => score === undefined ? 0 : Math.abs(score - 0.5);
  return items.toSorted((a, b) =>
    knowledgeOf(a) - knowledgeOf(b) || placeOf(a) - placeOf(b) || doubt(a) - doubt(b)
  );
}

/** Where the clips lie of which the ledger says what they are, the latest labels alone. */
export function labelledPlaces(
  content: LedgerContent,
  { events, ledger }: { readonly events: readonly string[]; readonly ledger: Pick<LabelLedger, "clipPath"> },
): SoundPlace[] {
  return currentLabels(content).flatMap(({ label, clip }) => {
    const meaning = parseLabel(label);
    return clip !== undefined && "event" in meaning && events.includes(meaning.event)
      ? [{ path: ledger.clipPath(clip) }]
      : [];
  }).slice(-MAX_LABELLED);
}

/** How sounds are compared. */
export interface ComparingOptions {
  readonly hear: HearPlace;
  /** Clips of which is known what they are. */
  readonly labelled: readonly SoundPlace[];
  /** How many of the first are wanted; all by default. */
  readonly count?: number | undefined;
  /** Waited for at every step: lets others work. */
  readonly breathe?: (() => Promise<void>) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/**
 * What labels are worth, by id, most first: of unknown sounds that models are unsure or disagree about, unlike what is labelled
 * and what comes before them. What cannot be heard is left out.
 */
export async function worthOfLabels(
  items: readonly ReviewItem[],
  { hear, labelled, count, breathe, signal, onProgress }: ComparingOptions,
): Promise<Map<string, ItemWorth>> {
  const unknown = inLabelOrder(items.filter(isUnknown)).slice(0, MAX_COMPARED);
  const total = labelled.length + unknown.length;
  let done = 0;
  const listen = async (place: SoundPlace) => {
    onProgress?.(done++, total);
    signal?.throwIfAborted();
    await breathe?.();
    return await hear(place, signal);
  };
  const known: Float32Array[] = [];
  for (const place of labelled) {
    const heard = await listen(place);
    if (heard) known.push(heard.embedding);
  }
  const candidates = [];
  for (const item of unknown) {
    const heard = await listen(item.media);
    if (!heard) continue;
    const kept = item.score === undefined ? [] : [item.score];
    candidates.push({ ...heard, id: item.id, scores: heard.scores.length > 0 ? heard.scores : kept });
  }
  onProgress?.(total, total);
  const scores = new Map(candidates.map(({ id, scores }) => [id, scores]));
  const worth = new Map<string, ItemWorth>();
  for (const step of queueSteps(candidates, { labelled: known, count })) {
    signal?.throwIfAborted();
    await breathe?.();
    if (step) worth.set(step.id, { ...step, scores: scores.get(step.id)! });
  }
  return worth;
}
