import type { TimeGrid } from "lib/base/events/time_grid.ts";
import { createFeatureLanes, secondsAhead } from "lib/learning/detect/feature_lanes.ts";
import { closeNetworks, loadNetworks, type NetworksOptions } from "lib/learning/detect/load_networks.ts";
import { createScoreMixer } from "lib/learning/detect/mix_scores.ts";
import { soundFeatures } from "lib/learning/features/model_input.ts";
import type { Manifest } from "lib/learning/model_package/manifest.ts";
import type { ModelPackage } from "lib/learning/model_package/open_package.ts";

/** How recordings are scored. */
export interface ScorerOptions extends NetworksOptions {
  /**
   * Seconds of sound that the network sees at a time, not counting the context around them; 30 by default. Scores
   * do not depend on it: longer ones take less time in all, shorter ones give the first scores sooner.
   */
  readonly chunkSeconds?: number;
  /** Sounds to score; all that the models know by default. Of hundreds, few take less time and memory. */
  readonly events?: readonly string[] | undefined;
  /** Of several models, how many must reach a score for it to count; by default their mean counts. */
  readonly votes?: number;
}

/** Scores of consecutive frames. */
export interface ScoreChunk {
  /** Index of the first frame, on the scorer's grid. */
  readonly startFrame: number;
  /** Probabilities, shape [t, K]. */
  readonly scores: Float32Array;
}

/** Scores recordings with one model, or with the mean of several. */
export interface Scorer {
  /** The rate that samples must have, in Hz. */
  readonly sampleRate: number;
  /** Where in time the scores are. */
  readonly grid: TimeGrid;
  /** The sounds that are scored, in order. */
  readonly eventNames: readonly string[];
  /** Seconds of sound after a score that must be there before it is given. */
  readonly lookahead: number;
  /** Seconds of sound on each side of a score that can change it. */
  readonly context: number;
  /**
   * Scores one recording, in order and without gaps. Any number of recordings can be scored at the same time.
   * @param blocks Mono samples at `sampleRate`, in blocks of any size; on abort they should end by the same signal.
   */
  score(
    blocks: AsyncIterable<Float32Array>,
    options?: { signal?: AbortSignal | undefined },
  ): AsyncGenerator<ScoreChunk>;
  /** Waits for what is under way, and ends the threads. */
  close(): Promise<void>;
}

/** Where in time the scores of a model are: score `j` covers log-mel frames `j * frameStride` and following. */
export function scoreGrid(manifest: Manifest): TimeGrid {
  const { hopLength, sampleRate } = soundFeatures(manifest);
  const hop = hopLength / sampleRate;
  // Log-mel frame t is centred on sample t * hopLength, so it stands for half a hop before and after.
  return { startTime: -hop / 2, period: manifest.architecture.frameStride * hop };
}

/**
 * Makes a scorer of one or several models.
 *
 * @throws {ModelPackageError} If ONNX Runtime cannot load a network.
 */
export async function createScorer(
  models: ModelPackage | readonly ModelPackage[],
  options: ScorerOptions = {},
): Promise<Scorer> {
  const { chunkSeconds = 30 } = options;
  const isWanted = (name: string) => options.events?.includes(name) ?? true;
  const packages = ("manifest" in models ? [models] : models)
    .filter(({ manifest }) => manifest.eventNames.some(isWanted));
  const networks = await loadNetworks(packages, options);
  const manifests = packages.map((model) => model.manifest);
  const wanted = manifests.map(({ eventNames }) => eventNames.filter(isWanted));
  const columns = manifests.map(({ eventNames }, i) =>
    eventNames.length === wanted[i]!.length ? undefined : wanted[i]!.map((name) => eventNames.indexOf(name))
  );
  const tracks = manifests.map((manifest, i) => ({ grid: scoreGrid(manifest), eventNames: wanted[i]! }));
  const { grid, eventNames } = createScoreMixer(tracks, options.votes);
  const sampleRate = Math.max(...manifests.map((manifest) => soundFeatures(manifest).sampleRate));
  const lookahead = Math.max(...manifests.map((manifest) => secondsAhead(manifest, chunkSeconds)));

  const context = Math.max(...manifests.map((manifest) => secondsAhead(manifest, 0)));

  async function* score(
    blocks: AsyncIterable<Float32Array>,
    { signal }: { signal?: AbortSignal | undefined } = {},
  ): AsyncGenerator<ScoreChunk> {
    const mixer = createScoreMixer(tracks, options.votes);
    const width = eventNames.length;
    let startFrame = 0;
    /** Runs of the networks that are not finished or not given out, oldest first. */
    const queue: { readonly track: number; readonly scores: Promise<Float32Array> }[] = [];
    const lanes = createFeatureLanes(manifests, { sampleRate, chunkSeconds }, (track, chunk) => {
      const scores = networks[track]!.run(chunk, 1, columns[track])
        .then(({ frameScores }) =>
          withoutContext(frameScores, manifests[track]!.architecture, wanted[track]!.length)
        );
      // Met where it is awaited; if that never happens, because an earlier run failed, it is of no interest.
      scores.catch(() => {});
      queue.push({ track, scores });
    });

    const iterator = blocks[Symbol.asyncIterator]();
    let reading: Promise<IteratorResult<Float32Array>> | undefined;
    let ended = false;
    try {
      while (!ended || queue.length > 0) {
        signal?.throwIfAborted();
        // Two runs for each model keep its thread busy; more would only take memory.
        if (!ended && queue.length < 2 * networks.length) reading ??= iterator.next();
        const oldest = queue[0];
        const first = await Promise.race([
          ...(oldest ? [oldest.scores] : []),
          ...(reading ? [reading] : []),
        ]);
        if (first instanceof Float32Array) {
          queue.shift();
          mixer.push(oldest!.track, first);
          const scores = mixer.take();
          if (scores.length === 0) continue;
          yield { startFrame, scores };
          startFrame += scores.length / width;
        } else {
          reading = undefined;
          if (first.done) {
            ended = true;
            lanes.flush();
          } else {
            lanes.push(first.value);
          }
        }
      }
      const rest = mixer.take(true);
      if (rest.length > 0) yield { startFrame, scores: rest };
    } finally {
      await iterator.return?.();
    }
  }
  return { sampleRate, grid, eventNames, lookahead, context, score, close: () => closeNetworks(networks) };
}

/** Scores one recording with one model; for several recordings, a scorer saves loading the model again. */
export async function* scoreBlocks(
  blocks: AsyncIterable<Float32Array>,
  model: ModelPackage,
  options: ScorerOptions & { readonly signal?: AbortSignal | undefined } = {},
): AsyncGenerator<ScoreChunk> {
  const scorer = await createScorer(model, options);
  try {
    yield* scorer.score(blocks, options);
  } finally {
    await scorer.close();
  }
}

/** @param width Scores for each step. */
function withoutContext(
  scores: Float32Array,
  { contextFrames, frameStride }: Manifest["architecture"],
  width: number,
): Float32Array {
  const context = contextFrames / frameStride * width;
  return scores.subarray(context, scores.length - context);
}
