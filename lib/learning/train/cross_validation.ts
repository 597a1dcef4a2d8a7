import { createRandom } from "lib/base/numbers/random.ts";
import { type FoldPlan, foldsByGroup, type Labelled, planFolds } from "lib/learning/dataset/folds.ts";

/** What learns from some clips and scores others. */
export interface FoldLearner {
  /**
   * Learns from the clips `training` and scores the clips `held`, which it has not learnt from.
   *
   * @param name Says which fold of which repeat, for seeds and files.
   * @returns Chance that the event is heard, from 0 to 1, for each of `held` in order.
   */
  learn(training: readonly number[], held: readonly number[], name: string): Promise<ArrayLike<number>>;
}

/** How clips are cross-validated. */
interface CrossValidationOptions {
  /** Parts that the clips are dealt out to, fewer where there are fewer recordings; each is scored by a model of the others. 5 by default. */
  readonly folds?: number;
  /** How often all is done with other parts; scores are averaged. 1 by default. */
  readonly repeats?: number;
  readonly seed: number | string;
  /** Told after each fold how many are done, and of how many. */
  readonly onFold?: (done: number, total: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Scores of all clips, each by models that have not learnt from it. */
interface CrossValidation {
  /** Chance that the event is heard, from 0 to 1, mean over the repeats, shape [N]. */
  readonly scores: Float64Array;
  /** Fold of each clip in the first repeat, shape [N]. */
  readonly folds: Uint16Array;
  /** How many folds there were, and why not as many as asked for. */
  readonly plan: FoldPlan;
}

/** Parts that clips are dealt out to. */
export const DEFAULT_FOLDS = 5;

/**
 * Scores every clip by a model that did not learn from it, nor from anything of the same recording: what the model says
 * of a clip is then knowledge of others like it, not memory of its label.
 *
 * @param clips One event's positives (with `event`) and negatives (without).
 * @throws {RangeError} If all clips of a class come from one recording.
 */
export async function crossValidate(
  clips: readonly Labelled[],
  learner: FoldLearner,
  options: CrossValidationOptions,
): Promise<CrossValidation> {
  const { repeats = 1, seed, onFold, signal } = options;
  const plan = planFolds(clips, options.folds ?? DEFAULT_FOLDS);
  const { folds } = plan;
  const scores = new Float64Array(clips.length);
  let first: Uint16Array | undefined;
  for (let repeat = 0; repeat < repeats; repeat++) {
    const dealt = foldsByGroup(clips, { folds, random: createRandom(`${seed}/folds/${repeat}`) });
    first ??= dealt;
    for (let fold = 0; fold < folds; fold++) {
      signal?.throwIfAborted();
      const held = [...clips.keys()].filter((index) => dealt[index] === fold);
      const training = [...clips.keys()].filter((index) => dealt[index] !== fold);
      const given = await learner.learn(training, held, `${seed}/${repeat}/${fold}`);
      held.forEach((index, i) => (scores[index]! += given[i]! / repeats));
      onFold?.(repeat * folds + fold + 1, repeats * folds);
    }
  }
  return { scores, folds: first ?? new Uint16Array(clips.length), plan };
}
