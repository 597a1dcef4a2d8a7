import { join } from "node:path";
import type { Clip } from "lib/learning/dataset/clip.ts";
import { loadNetwork } from "lib/learning/detect/network.ts";
import { soundFeatures } from "lib/learning/features/model_input.ts";
import { openPackage } from "lib/learning/model_package/open_package.ts";
import { clipFeatures } from "lib/learning/train/clip_features.ts";
import type { FoldLearner } from "lib/learning/train/cross_validation.ts";
import type { Engine } from "lib/learning/train/engine.ts";
import type { Step } from "lib/learning/train/fit.ts";
import { fitLogistic, type LogisticOptions } from "lib/learning/train/logistic_regression.ts";
import { type TrainJob, trainModel } from "lib/learning/train/train_model.ts";

/**
 * Learns a linear classifier on embeddings for each fold: a second for a thousand clips, where training a network for each
 * fold would take many minutes.
 *
 * @param embeddings Of `embedClips()`, in the order of the clips.
 */
export function embeddingLearner(
  embeddings: readonly Float32Array[],
  positives: readonly boolean[],
  options?: LogisticOptions,
): FoldLearner {
  return {
    learn(training, held) {
      const classifier = fitLogistic(
        training.map((index) => embeddings[index]!),
        training.map((index) => positives[index]!),
        options,
      );
      return Promise.resolve(held.map((index) => classifier.score(embeddings[index]!)));
    },
  };
}

/** How a network is trained for each fold. */
interface TrainingLearnerOptions extends Pick<TrainJob, "config" | "bases" | "threads" | "signal"> {
  readonly event: string;
  readonly engine: Engine;
  /** In milliseconds. */
  readonly now: () => number;
  readonly onStep?: ((step: Step) => void) | undefined;
}

/**
 * Trains one network for each fold, as `train` would on its clips, and takes the highest score in each clip that was held
 * out. The models are thrown away.
 *
 * @param clips One event's positives (with `event`) and negatives (without).
 */
export function trainingLearner(clips: readonly Clip[], options: TrainingLearnerOptions): FoldLearner {
  const { event, config, ...job } = options;
  return {
    async learn(training, held, name) {
      const folder = await Deno.makeTempDir({ prefix: "fold-" });
      try {
        const dir = join(folder, "model");
        const own = training.map((index) => clips[index]!);
        const epochs = trainModel({
          ...job,
          name: event,
          dir,
          events: [{ event, positives: own.filter((clip) => clip.event === event) }],
          negatives: own.filter((clip) => clip.event === undefined),
          config: { ...config, networks: 1, seed: `${config.seed}/${name}` },
        });
        while (!(await epochs.next()).done) job.signal?.throwIfAborted();
        return await scoreClipsWith(dir, held.map((index) => clips[index]!));
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  };
}

/** The highest frame score within each clip, at a common level, of the first sound that a model knows. */
async function scoreClipsWith(dir: string, clips: readonly Clip[]): Promise<number[]> {
  const model = await openPackage(dir);
  const features = soundFeatures(model.manifest);
  const { architecture: { frameStride }, eventNames } = model.manifest;
  const network = await loadNetwork(model);
  try {
    const scores: number[] = [];
    for (const clip of clips) {
      const { logMel, start, end } = clipFeatures(clip, { features, frameStride });
      const { frameScores } = await network.run(new Float32Array(logMel), 1);
      const K = eventNames.length;
      let highest = 0;
      for (let t = Math.floor(start / frameStride); t < Math.ceil(end / frameStride); t++) {
        highest = Math.max(highest, frameScores[t * K] ?? 0);
      }
      scores.push(highest);
    }
    return scores;
  } finally {
    await network.close();
  }
}
