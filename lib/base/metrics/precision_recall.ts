/** What a comparison of found and annotated things was counted to. */
export interface Counts {
  /** Pairs of an annotation and a found event. */
  readonly matched: number;
  /** Number of found events. */
  readonly found: number;
  /** Number of annotations. */
  readonly annotated: number;
}

/** Precision, recall and their harmonic mean, each from 0 to 1. */
export interface PrecisionRecall {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/** Precision, recall and F1 from counts; 0 where nothing was found or nothing is annotated. */
export function precisionRecall({ matched, found, annotated }: Counts): PrecisionRecall {
  const precision = found > 0 ? matched / found : 0;
  const recall = annotated > 0 ? matched / annotated : 0;
  const f1 = precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0;
  return { precision, recall, f1 };
}

/** The sum of counts, for figures over several recordings: each event weighs the same, whatever its recording. */
export function sumCounts(counts: readonly Counts[]): Counts {
  const sum = (key: keyof Counts) => counts.reduce((total, one) => total + one[key], 0);
  return { matched: sum("matched"), found: sum("found"), annotated: sum("annotated") };
}
