import { inLabelOrder, isUnknown, type ItemWorth } from "lib/web/pages/label_order.ts";
import { createLabeler, DEFAULT_LABELER, type LabelerOptions } from "lib/web/pages/labeler.ts";
import { collectItems, type ReviewItem } from "lib/web/pages/review_items.ts";

/** A sound of which nobody knows what it is, and what a label of it is worth. */
export interface NextClip {
  readonly item: ReviewItem;
  readonly worth: ItemWorth;
}

/** How the next clips are chosen. */
interface NextClipsOptions extends Partial<LabelerOptions> {
  /** How many are wanted; all by default. */
  readonly count?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/**
 * Which sounds to label next, in the order of the label page: those that models are unsure or disagree about, unlike what is
 * labelled and what comes before them. Sounds that are not on this machine are passed over.
 *
 * @throws {ModelPackageError} If a model cannot be used; {RangeError} if one does not know the event.
 */
export async function nextClips(options: NextClipsOptions): Promise<NextClip[]> {
  const { count, signal = new AbortController().signal, onProgress, ...rest } = options;
  const labeler = createLabeler({ ...DEFAULT_LABELER, ...rest }, { signal });
  try {
    const items = await collectItems(await labeler.ledger.entries(), { ...labeler.options, ...labeler });
    const worth = await labeler.order.worth(items, { count, signal, onProgress });
    return inLabelOrder(items.filter(isUnknown), worth).flatMap((item) => {
      const known = worth.get(item.id);
      return known ? [{ item, worth: known }] : [];
    });
  } finally {
    await labeler.order.close();
    await labeler.cache.flush();
  }
}
