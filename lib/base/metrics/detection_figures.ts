/**
 * Figures of sound event detection as Mesaros, Heittola and Virtanen define them ("Metrics for polyphonic sound event
 * detection", Applied Sciences 6(6), 2016). NaN where a figure is undefined: precision without found events, recall
 * without annotations. Rates are relative to the number of annotations and have no upper limit.
 */
export interface DetectionFigures {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly errorRate: number;
  readonly substitutionRate: number;
  readonly deletionRate: number;
  readonly insertionRate: number;
}

/** Sums that the figures are computed from; of events or of segments. */
export interface DetectionCounts {
  annotated: number;
  found: number;
  matched: number;
  substituted: number;
  deleted: number;
  inserted: number;
}

/** Figures over everything, for each label, and the mean over the labels for which a figure is defined. */
export interface LabelledFigures {
  readonly overall: DetectionFigures;
  readonly byLabel: ReadonlyMap<string, DetectionFigures>;
  readonly labelMean: DetectionFigures;
}

/** Counts of nothing. */
export function emptyCounts(): DetectionCounts {
  return { annotated: 0, found: 0, matched: 0, substituted: 0, deleted: 0, inserted: 0 };
}

/** Adds `more` to `counts` in place. */
export function addCounts(counts: DetectionCounts, more: DetectionCounts): void {
  for (const key of Object.keys(more) as (keyof DetectionCounts)[]) counts[key] += more[key];
}

/** Figures from overall counts, and from the counts of each label. */
export function labelledFigures(
  overall: DetectionCounts,
  byLabel: ReadonlyMap<string, DetectionCounts>,
): LabelledFigures {
  const figures = new Map([...byLabel].map(([label, counts]) => [label, detectionFigures(counts)]));
  return {
    overall: detectionFigures(overall),
    byLabel: figures,
    labelMean: meanFigures([...figures.values()]),
  };
}

/** Figures from counts. */
function detectionFigures(counts: DetectionCounts): DetectionFigures {
  const precision = counts.matched / counts.found;
  const recall = counts.matched / counts.annotated;
  const f1 = precision === 0 && recall === 0 ? 0 : 2 * precision * recall / (precision + recall);
  // The rates of the reference implementation, sed_eval, have this tiny number in the denominator: without
  // annotations they are huge, not undefined. Kept, so that published figures can be compared.
  const denominator = counts.annotated + Number.EPSILON;
  const substitutionRate = counts.substituted / denominator;
  const deletionRate = counts.deleted / denominator;
  const insertionRate = counts.inserted / denominator;
  const errorRate = substitutionRate + deletionRate + insertionRate;
  return { precision, recall, f1, errorRate, substitutionRate, deletionRate, insertionRate };
}

function meanFigures(all: readonly DetectionFigures[]): DetectionFigures {
  const mean = (key: keyof DetectionFigures) => {
    const defined = all.map((figures) => figures[key]).filter((value) => !Number.isNaN(value));
    return defined.reduce((sum, value) => sum + value, 0) / defined.length;
  };
  return {
    precision: mean("precision"),
    recall: mean("recall"),
    f1: mean("f1"),
    errorRate: mean("errorRate"),
    substitutionRate: mean("substitutionRate"),
    deletionRate: mean("deletionRate"),
    insertionRate: mean("insertionRate"),
  };
}
