import type { ScoredValidation } from "lib/learning/train/validation.ts";

/** Windows counted by whether an event is in them and whether a score in them reaches a threshold. */
interface WindowCounts {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly trueNegatives: number;
}

/** One validation window, to be looked at. */
interface ValidationWindow {
  /** Log-mel spectrogram, shape [T, M]. */
  readonly logMel: { readonly data: Float32Array; readonly shape: readonly [number, number] };
  /** Frame scores of the event from 0 to 1, shape [T']. */
  readonly scores: Float32Array;
  /** 1 where the event sounds, shape [T']. */
  readonly targets: Float32Array;
}

/**
 * Counts windows at a threshold. Scores that do not count in the loss, such as those around an event, count neither for
 * nor against.
 *
 * @param event Number of the event in the model, from 0.
 */
export function countWindows(
  scored: ScoredValidation,
  { event, threshold }: { readonly event: number; readonly threshold: number },
): WindowCounts {
  const counts = { truePositives: 0, falsePositives: 0, falseNegatives: 0, trueNegatives: 0 };
  for (const { scores, targets, weights } of windows(scored, event)) {
    const isThere = targets.includes(1);
    const isFound = scores.some((score, s) => weights[s]! > 0 && score >= threshold);
    const key = isThere
      ? isFound ? "truePositives" : "falseNegatives"
      : isFound
      ? "falsePositives"
      : "trueNegatives";
    counts[key]++;
  }
  return counts;
}

/**
 * The first windows with the event and the first without, so that the same ones are seen after every epoch.
 *
 * @param event Number of the event in the model, from 0.
 */
export function exampleWindows(
  scored: ScoredValidation,
  { event, count = 4 }: { readonly event: number; readonly count?: number | undefined },
): ValidationWindow[] {
  const all = [...windows(scored, event)];
  const withEvent = all.filter(({ targets }) => targets.includes(1));
  const without = all.filter(({ targets }) => !targets.includes(1));
  const first = withEvent.slice(0, Math.max(Math.ceil(count / 2), count - without.length));
  return [...first, ...without.slice(0, count - first.length)];
}

function* windows(
  { batches, scores }: ScoredValidation,
  event: number,
): Generator<ValidationWindow & { readonly weights: Float32Array }> {
  for (const [index, { logMel, targets, weights, shape: { B, T, M, S, K } }] of batches.entries()) {
    const ofEvent = (values: Float32Array, b: number): Float32Array =>
      Float32Array.from({ length: S }, (_, s) => values[(b * S + s) * K + event]!);
    for (let b = 0; b < B; b++) {
      yield {
        logMel: { data: logMel.subarray(b * T * M, (b + 1) * T * M), shape: [T, M] },
        scores: ofEvent(scores[index]!, b),
        targets: ofEvent(targets, b),
        weights: ofEvent(weights, b),
      };
    }
  }
}
