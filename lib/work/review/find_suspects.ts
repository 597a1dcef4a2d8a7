import { type Clock, systemClock } from "lib/base/system/clock.ts";
import type { Clip } from "lib/learning/dataset/clip.ts";
import { planFolds } from "lib/learning/dataset/folds.ts";
import { type LabelSuspect, rankSuspects } from "lib/learning/evaluate/label_suspects.ts";
import { embedClips } from "lib/learning/train/clip_embeddings.ts";
import { crossValidate, type FoldLearner } from "lib/learning/train/cross_validation.ts";
import { type EngineName, loadEngine } from "lib/learning/train/engine.ts";
import { embeddingLearner, trainingLearner } from "lib/learning/train/fold_learners.ts";
import { openDescriber } from "lib/learning/train/open_describer.ts";
import { startingPoint } from "lib/learning/train/starting_point.ts";

/** How suspects are looked for. */
interface SuspectSearch {
  readonly event: string;
  /** A classifier on what `base` hears, or a short training for each part. */
  readonly method: "light" | "training";
  /** Parts that the clips are dealt out to; fewer where there are fewer recordings. */
  readonly folds: number;
  /** Length of each short training. */
  readonly epochs: number;
  /** Folder of the model that describes sounds, and that short trainings start from. */
  readonly base: string;
  /** By default the fastest that works here. */
  readonly engine?: EngineName | undefined;
  readonly seed: string;
}

/** What will be done. */
interface SuspectPlan {
  readonly clips: number;
  readonly folds: number;
  /** Why there are fewer parts than wanted. */
  readonly reason: string | undefined;
  /** What computes, if something does already. */
  readonly engine: string | undefined;
}

/** Follows a search; what it gives back is waited for. */
interface SuspectFollower {
  onPlan?(plan: SuspectPlan): void | Promise<void>;
  /** So many clips have been listened to. */
  onListening?(done: number): void;
  /** All have. */
  onHeard?(): void | Promise<void>;
  /** Share of the learning that is done, from 0 to 1. */
  onLearning?(done: number): void;
}

/** What a search takes from outside. */
interface SuspectContext {
  /** Reads the clips at a rate in Hz; those of the event name it. */
  readonly read: (sampleRate: number) => Promise<readonly Clip[]>;
  readonly signal: AbortSignal;
  readonly follower?: SuspectFollower;
  readonly clock?: Clock;
}

/**
 * Scores all clips by models that did not learn from them or from their recordings, and ranks them by what speaks against
 * their labels.
 *
 * @throws {ModelPackageError} If `base` is no model, or one that cannot describe sounds.
 */
export async function findSuspects(
  search: SuspectSearch,
  { read, signal, follower = {}, clock = systemClock }: SuspectContext,
): Promise<{ readonly clips: readonly Clip[]; readonly suspects: LabelSuspect[] }> {
  let loading: ReturnType<typeof loadEngine> | undefined;
  const engine = () => loading ??= loadEngine(search.engine);
  const describer = await openDescriber(search.base, engine);
  const clips = await read(describer.features.sampleRate);
  const { folds, reason } = planFolds(clips, search.folds);
  await follower.onPlan?.({ clips: clips.length, folds, reason, engine: (await loading)?.name });
  const onProgress = (done: number) => follower.onListening?.(done);
  const embeddings = await embedClips(describer, clips, { signal, onProgress });
  describer.close();
  await follower.onHeard?.();
  const learner = await learnerOf(search, { clips, embeddings, engine, signal, clock });
  const { scores } = await crossValidate(clips, learner, {
    folds,
    // A light classifier takes a second: three ways to deal out the clips say more than one.
    repeats: search.method === "light" ? 3 : 1,
    seed: search.seed,
    signal,
    onFold: (done, total) => follower.onLearning?.(done / total),
  });
  const scored = clips.map((clip, i) => ({ clip, score: scores[i]!, embedding: embeddings[i]! }));
  return { clips, suspects: rankSuspects(scored, { event: search.event }) };
}

async function learnerOf(
  { event, method, epochs, base, seed }: SuspectSearch,
  { clips, embeddings, engine, signal, clock }: {
    readonly clips: readonly Clip[];
    readonly embeddings: readonly Float32Array[];
    readonly engine: () => ReturnType<typeof loadEngine>;
    readonly signal: AbortSignal;
    readonly clock: Clock;
  },
): Promise<FoldLearner> {
  if (method === "light") {
    return embeddingLearner(embeddings, clips.map((clip) => clip.event === event));
  }
  const { bases, defaults } = await startingPoint([base]);
  return trainingLearner(clips, {
    event,
    engine: await engine(),
    config: { ...defaults, epochs, validationWindows: 48, seed },
    ...(bases && { bases }),
    now: () => clock.monotonicMs(),
    signal,
  });
}
