import { inLabelOrder, isUnknown, type ItemWorth } from "lib/work/review/label_order.ts";
import { openReview, type ReviewOptions } from "lib/work/review/open_review.ts";
import { collectItems, type ReviewItem } from "lib/work/review/review_items.ts";

/** A sound of which nobody knows what it is, and what a label of it is worth. */
export interface NextClip {
  readonly item: ReviewItem;
  readonly worth: ItemWorth;
}

/** How the next clips are chosen. */
interface NextClipsOptions extends Partial<ReviewOptions> {
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
  const review = openReview(rest, { signal });
  try {
    const items = await collectItems(await review.ledger.entries(), { ...review.options, ...review });
    const worth = await review.order.worth(items, { count, signal, onProgress });
    return inLabelOrder(items.filter(isUnknown), worth).flatMap((item) => {
      const known = worth.get(item.id);
      return known ? [{ item, worth: known }] : [];
    });
  } finally {
    await review.close();
  }
}
