import type { SplitBackground } from "lib/learning/dataset/background.ts";
import type { Clip } from "lib/learning/dataset/clip.ts";
import { soundInputs } from "lib/learning/features/model_input.ts";
import { type Architecture, contextFrames, frameStride } from "lib/learning/model/architecture.ts";
import { exportOnnx } from "lib/learning/model/export_onnx.ts";
import { DEFAULT_POSTPROCESSING, FORMAT_VERSION } from "lib/learning/model_package/manifest.ts";
import { type ModelPackage, sha256Hex } from "lib/learning/model_package/open_package.ts";
import type { PackageContent } from "lib/learning/model_package/write_package.ts";
import { modelCard } from "lib/learning/train/model_card.ts";
import type { WeightArrays } from "lib/learning/train/network.ts";
import { configAsJson, type TrainConfig } from "lib/learning/train/train_config.ts";
import { meanValidation, type TrainedNetwork, trainingSeconds } from "lib/learning/train/trained_network.ts";
import type { EventClips } from "lib/learning/train/training_data.ts";
import { encodeWeights, WEIGHTS_FILE } from "lib/learning/train/weights_file.ts";

/** What a package tells about its training, besides the result. */
export interface PackageFacts {
  /** Name of the model, for its card. */
  readonly name: string;
  readonly events: readonly EventClips[];
  readonly negatives: readonly Clip[];
  /** Windows of recordings without any event, to learn from, and stretches that were held back to measure on. */
  readonly background?: SplitBackground | undefined;
  /** When clips and answers were read, in milliseconds since 1970: of later answers nothing is learnt. */
  readonly startedMs?: number | undefined;
  readonly config: TrainConfig;
  readonly engine: { readonly name: string };
  /** Weights of other models to start from, wherever layers agree: the first network from the first, and so on in turn. */
  readonly bases?: readonly { readonly name: string; readonly weights: WeightArrays }[] | undefined;
  /** What the user says about the data, for the model card. */
  readonly notes?: string | undefined;
}

/** Names of what a model started from, as it is written down; null for nothing. */
export function baseNames(bases: PackageFacts["bases"]): string | null {
  return bases?.length ? bases.map(({ name }) => name).join(", ") : null;
}

/** What goes into the folder of a model that has been trained. */
export function packageContent(
  { name, events, negatives, background, startedMs, config, engine, notes, bases }: PackageFacts,
  { architecture, networks, fingerprint, remarks, finishedMs }: {
    readonly architecture: Architecture;
    readonly networks: readonly TrainedNetwork[];
    readonly fingerprint: string;
    readonly remarks: readonly string[];
    /** When the training ended, in milliseconds since 1970. */
    readonly finishedMs: number;
  },
): PackageContent {
  const validation = meanValidation(networks);
  const manifest: PackageContent["manifest"] = {
    name,
    eventNames: events.map(({ event }) => event),
    inputs: soundInputs(config.features),
    clipSeconds: config.mixture.windowSeconds,
    architecture: {
      name: architecture.name,
      frameStride: frameStride(architecture),
      contextFrames: contextFrames(architecture),
      parameters: configAsJson(config.architecture),
    },
    training: {
      ...configAsJson(config),
      engine: engine.name,
      // The others were there, but nothing started from them.
      base: baseNames(bases?.slice(0, networks.length)),
    },
    seed: config.seed,
    dataFingerprint: fingerprint,
    metrics: {
      validationAveragePrecision: validation.averagePrecision,
      validationBaseline: validation.baseline,
      networks: networks.length,
      epochs: networks.reduce((sum, { epochs }) => sum + epochs.length, 0),
      steps: networks.reduce((sum, { epochs }) => sum + epochs.at(-1)!.step, 0),
      seconds: trainingSeconds(networks),
    },
    postprocessing: DEFAULT_POSTPROCESSING,
    operatingPoints: [],
  };
  const count = (
    label: string,
    clips: readonly Clip[],
  ): { label: string; clips: number; groups: number } => ({
    label,
    clips: clips.length,
    groups: new Set(clips.map((clip) => clip.group)).size,
  });
  const counts = [
    ...events.map(({ event, positives }) => count(event, positives)),
    count("negatives", negatives),
    ...(background?.train.stretches.length
      ? [{
        label: "background",
        clips: background.train.stretches.length,
        groups: new Set(background.train.stretches.map(({ recording }) => recording)).size,
      }]
      : []),
  ];
  return {
    manifest,
    model: exportOnnx(architecture, networks.map(({ weights }) => weights)),
    modelCard: modelCard({
      manifest,
      clips: counts,
      networks,
      engine: engine.name,
      remarks,
      notes,
    }),
    extraFiles: {
      // One network is enough to start another training from.
      [WEIGHTS_FILE]: encodeWeights(networks[0]!.weights),
      "training.json": `${
        JSON.stringify(
          {
            ...(startedMs === undefined ? {} : { started: new Date(startedMs).toISOString() }),
            finished: new Date(finishedMs).toISOString(),
            clips: counts,
            epochs: networks.flatMap(({ epochs }) => epochs),
          },
          null,
          2,
        )
      }\n`,
    },
  };
}

/** A package as it will be, so that it can be run before anything is written. */
export function unwrittenPackage(
  dir: string,
  { manifest, model }: PackageContent,
): ModelPackage {
  return {
    dir,
    model: new Uint8Array(model),
    manifest: {
      ...manifest,
      formatVersion: FORMAT_VERSION,
      modelSha256: sha256Hex(model),
    },
  };
}
