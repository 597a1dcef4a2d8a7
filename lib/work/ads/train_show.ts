import { basename } from "node:path";
import { createRandom } from "lib/base/numbers/random.ts";
import type { Batch } from "lib/learning/dataset/batch.ts";
import { soundFeatures, soundInputs } from "lib/learning/features/model_input.ts";
import { LISTENER_FOLDER } from "lib/learning/listener/listener_package.ts";
import {
  type Architecture,
  contextFrames,
  DEFAULT_TAPPED_CNN,
  frameStride,
  networkOf,
  type NetworkSizes,
} from "lib/learning/model/architecture.ts";
import { exportOnnx } from "lib/learning/model/export_onnx.ts";
import { DEFAULT_POSTPROCESSING } from "lib/learning/model_package/manifest.ts";
import { readManifest, sha256Hex } from "lib/learning/model_package/open_package.ts";
import { ModelPackageError } from "lib/learning/model_package/package_error.ts";
import { type PackageContent, writePackage } from "lib/learning/model_package/write_package.ts";
import { openAudio } from "lib/media/audio/audio_source.ts";
import type { Engine } from "lib/learning/train/engine.ts";
import { unwrittenPackage } from "lib/learning/train/package_content.ts";
import { DEFAULT_SEGMENTER, type SegmenterNews, trainSegmenter } from "lib/learning/train/train_segmenter.ts";
import { configAsJson } from "lib/learning/train/train_config.ts";
import { stagesOf } from "lib/learning/train/trunk.ts";
import { verifyExport } from "lib/learning/train/verify_export.ts";
import { encodeWeights, readWeights, WEIGHTS_FILE } from "lib/learning/train/weights_file.ts";
import type { LabelledEpisode } from "lib/work/ads/labelled_episodes.ts";
import { breaksOf, type ClassNames, DEFAULT_CLASSES } from "lib/work/ads/segment.ts";
import { learnBreakLengths } from "lib/work/ads/show_model.ts";

/** How a model of a show is trained. */
export interface TrainShowOptions {
  /** New folder of the model. */
  readonly output: string;
  readonly engine: Engine;
  readonly classes?: ClassNames | undefined;
  readonly seed?: string | number | undefined;
  readonly steps?: number | undefined;
  /** Model that hears; the listener by default. */
  readonly base?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What the layers over time look like: they see ten seconds on each side. */
const OVER_TIME = { timeWidth: 64, dilations: [1, 2, 4, 8, 16, 32], dropout: 0.3 } as const;

/**
 * Learns to tell the two classes of a show apart from labelled episodes, and writes a model package that `find` can use, too.
 *
 * @throws {ModelPackageError} If there is no model that hears, or the output is there already.
 * @throws {RangeError} If the episodes have one class only.
 */
export async function* trainShow(
  episodes: readonly LabelledEpisode[],
  options: TrainShowOptions,
): AsyncGenerator<SegmenterNews> {
  const { output, engine, classes = DEFAULT_CLASSES, seed = 1, base = LISTENER_FOLDER, signal } = options;
  let lastLoss = NaN;
  const breaks = episodes.flatMap(({ segments }) => breaksOf(segments, classes));
  const all = episodes.flatMap(({ segments }) => segments);
  if (breaks.length === 0 || breaks.length === all.length) {
    throw new RangeError(
      `The labelled episodes are ${
        breaks.length === 0 ? `${classes.content} alone` : `${classes.ad} alone`
      }: label one that has both`,
    );
  }
  const heard = await readManifest(base).catch((cause) => {
    throw base === LISTENER_FOLDER && cause instanceof ModelPackageError
      ? new ModelPackageError(base, "it is needed to hear; `deno task setup` fetches it", { cause })
      : cause;
  });
  const stages = stagesOf(heard);
  if (!stages) throw new ModelPackageError(base, "its network cannot hear for another; name the listener");
  const sizes: NetworkSizes = {
    ...OVER_TIME,
    stages,
    taps: DEFAULT_TAPPED_CNN.taps.filter((n) => n <= stages.length),
  };
  const features = soundFeatures(heard);
  const architecture = networkOf(sizes, { nMels: features.nMels, events: 1 });
  const config = { ...DEFAULT_SEGMENTER, seed, steps: options.steps ?? DEFAULT_SEGMENTER.steps };
  const recordings = episodes.map(({ path, segments }) => ({
    open: () => openAudio(path, { sampleRate: features.sampleRate, signal }),
    active: breaksOf(segments, classes),
  }));
  const work = trainSegmenter(engine.tf, recordings, {
    ...{ architecture, features, base: await readWeights(base), config, signal },
  });
  for await (const news of work) {
    if (news.kind === "done") {
      const content: PackageContent = {
        manifest: {
          name: basename(output),
          eventNames: [classes.ad],
          inputs: soundInputs(features),
          clipSeconds: config.windowScores * frameStride(architecture) * features.hopLength /
            features.sampleRate,
          architecture: {
            name: architecture.name,
            frameStride: frameStride(architecture),
            contextFrames: contextFrames(architecture),
            parameters: configAsJson(sizes),
          },
          training: {
            ...{ steps: config.steps, batchSize: config.batchSize, learningRate: config.learningRate },
            ...{ engine: engine.name, base: heard.name, classes: { ...classes } },
            breakLengths: learnBreakLengths(breaks),
            episodes: episodes.map(({ path }) => basename(path)),
          },
          seed,
          dataFingerprint: sha256Hex(new TextEncoder().encode(JSON.stringify(episodes))),
          metrics: { lastLoss: Number.isFinite(lastLoss) ? lastLoss : null },
          // A mean over two seconds, so that `find` cuts no break into pieces.
          postprocessing: { ...DEFAULT_POSTPROCESSING, smoothing: { kind: "mean", duration: 2 } },
          operatingPoints: [],
        },
        model: exportOnnx(architecture, [news.weights]),
        modelCard: showCard({
          name: basename(output),
          classes,
          episodes,
          breaks: breaks.length,
          base: heard.name,
        }),
        extraFiles: { [WEIGHTS_FILE]: encodeWeights(news.weights) },
      };
      await verifyExport(engine.tf, {
        ...{ architecture, networks: [news.weights], model: unwrittenPackage(output, content) },
        batches: [noiseBatch(architecture, seed)],
      });
      await writePackage(output, content);
    }
    if (news.kind === "step") lastLoss = news.loss;
    yield news;
  }
}

/** A window of noise, on which the exported network must score as the trained one. */
function noiseBatch(architecture: Architecture, seed: string | number): Batch {
  const S = 64;
  const [T, M] = [S * frameStride(architecture), architecture.nMels];
  const random = createRandom(`${seed}/check`);
  const logMel = Float32Array.from({ length: T * M }, () => random.normal());
  const none = new Float32Array(S);
  return { logMel, targets: none, weights: none, shape: { B: 1, T, M, S, K: 1 } };
}

function showCard({ name, classes, episodes, breaks, base }: {
  readonly name: string;
  readonly classes: ClassNames;
  readonly episodes: readonly LabelledEpisode[];
  readonly breaks: number;
  readonly base: string;
}): string {
  const minutes = episodes.reduce((sum, { duration }) => sum + duration, 0) / 60;
  return `# ${name}

Tells ${classes.ad} from ${classes.content} in episodes of one show: layers over time, which see ten seconds on each side, on
what ${base} hears and as it was.

- Learnt from ${episodes.length} labelled episodes (${
    minutes.toFixed(0)
  } minutes, ${breaks} stretches of ${classes.ad}).
- Nothing was held back to measure on: \`deno task ads evaluate\` does that on episodes that were not learnt from.
- Of another show it knows what the two shows have in common, which may be little.
`;
}
