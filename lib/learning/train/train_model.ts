import { exists } from "lib/base/system/exists.ts";
import type { Clip } from "lib/learning/dataset/clip.ts";
import { type Architecture, networkOf } from "lib/learning/model/architecture.ts";
import type { Manifest } from "lib/learning/model_package/manifest.ts";
import type { ModelPackage } from "lib/learning/model_package/open_package.ts";
import { ModelPackageError } from "lib/learning/model_package/package_error.ts";
import { writePackage } from "lib/learning/model_package/write_package.ts";
import { type CheckpointOwner, readCheckpoint, writeCheckpoint } from "lib/learning/train/checkpoint_file.ts";
import type { Engine } from "lib/learning/train/engine.ts";
import type { Step } from "lib/learning/train/fit.ts";
import {
  baseNames,
  packageContent,
  type PackageFacts,
  unwrittenPackage,
} from "lib/learning/train/package_content.ts";
import { configAsJson, type TrainConfig } from "lib/learning/train/train_config.ts";
import { batchConfigOf, trainNetwork } from "lib/learning/train/train_network.ts";
import type { ModelCheckpoint, TrainedNetwork } from "lib/learning/train/trained_network.ts";
import { dataFingerprint, splitClips } from "lib/learning/train/training_data.ts";
import { createValidationSet, type ScoredValidation } from "lib/learning/train/validation.ts";
import { verifyExport } from "lib/learning/train/verify_export.ts";

/** A training job. */
export interface TrainJob extends PackageFacts {
  /** The new folder for it; it must not exist. */
  readonly dir: string;
  readonly engine: Engine;
  /** Where to keep a checkpoint after every epoch; removed when the model is written. */
  readonly checkpointPath?: string;
  /** Goes on from the checkpoint, if there is one. */
  readonly resume?: boolean;
  /** Threads that mix sound beside the network. */
  readonly threads?: number | undefined;
  /** Told after each step; steps are counted over all networks. */
  readonly onStep?: ((step: Step) => void) | undefined;
  /** Gets the scores of the validation windows after each epoch, before its checkpoint. */
  readonly onValidation?: ((scored: ScoredValidation) => void) | undefined;
  /** Ends the training early; the model is written from what is finished, or from the best epoch so far. */
  readonly signal?: AbortSignal | undefined;
  /** In milliseconds since 1970. */
  readonly now: () => number;
}

/** What came out of a training. */
export interface TrainedModel {
  readonly manifest: Manifest;
  /** Largest difference between a score in ONNX Runtime and in TensorFlow.js. */
  readonly exportDifference: number;
  readonly remarks: readonly string[];
  readonly members: readonly TrainedMember[];
}

/** One network of a model, with what it did not learn from. */
interface TrainedMember {
  /** The network as a model of its own, which is on no disk. */
  readonly model: ModelPackage;
  /** Clips that were held back from it, for each event. */
  readonly held: readonly (readonly Clip[])[];
  /** Clips without any event that were held back from it. */
  readonly heldNegatives: readonly Clip[];
}

/**
 * Trains a model, one network after the other, and writes its package. Gives a checkpoint after every epoch, and the
 * model as the return value.
 *
 * @throws {RangeError} If there are too few clips.
 * @throws {ModelPackageError} If the folder exists; this is checked before the training.
 * @throws {CheckpointError} If the checkpoint to go on from does not fit.
 */
export async function* trainModel(job: TrainJob): AsyncGenerator<ModelCheckpoint, TrainedModel> {
  const { config, engine, events, negatives, checkpointPath } = job;
  if (await exists(job.dir)) {
    throw new ModelPackageError(job.dir, "the folder exists already; name a new one, or delete it");
  }
  const data = splitClips(events, negatives, config);
  const fingerprint = dataFingerprint(events, negatives, job.background);
  const architecture = architectureOf(config, events.length);
  const owner: CheckpointOwner = {
    config: { ...configAsJson(config), base: baseNames(job.bases?.slice(0, config.networks)) },
    dataFingerprint: fingerprint,
  };
  let last = job.resume && checkpointPath ? await readCheckpoint(checkpointPath, owner) : undefined;
  const finished: TrainedNetwork[] = [...last?.finished ?? []];
  const steps = config.epochs * config.stepsPerEpoch;
  for (let index = finished.length; index < config.networks && !job.signal?.aborted; index++) {
    const from = last?.finished.length === index ? last : undefined;
    const network = trainNetwork({
      ...job,
      architecture,
      index,
      onStep: ({ step, loss }) => job.onStep?.({ step: index * steps + step, loss }),
      from,
    });
    for await (const epoch of network) {
      last = { ...epoch, finished: [...finished] };
      const whole = epoch.epochs.at(-1)!.step === epoch.epochs.length * config.stepsPerEpoch;
      if (checkpointPath && whole) await writeCheckpoint(checkpointPath, last, owner);
      yield last;
    }
    // Interrupted before its first epoch, a network leaves the checkpoint of the one before it.
    if (last?.finished.length === index && last.epochs.length === config.epochs) {
      finished.push(trainedNetwork(last));
    }
  }
  if (!last) throw new DOMException("Interrupted before the first epoch; nothing was written", "AbortError");
  // A network that is only half trained would make the others' scores worse.
  const networks = finished.length > 0 ? finished : [trainedNetwork(last)];
  const content = packageContent(job, {
    architecture,
    networks,
    fingerprint,
    remarks: data.remarks,
    finishedMs: job.now(),
  });
  const batchConfig = batchConfigOf(config, architecture);
  const { batches } = createValidationSet(data.validation, batchConfig, {
    seed: config.seed,
    windows: 2 * config.batchSize,
  });
  const exportDifference = await verifyExport(engine.tf, {
    model: unwrittenPackage(job.dir, content),
    architecture,
    networks: networks.map(({ weights }) => weights),
    batches,
  });
  const manifest = await writePackage(job.dir, content);
  if (checkpointPath) await Deno.remove(checkpointPath).catch(() => {});
  const members = networks.map((network, index): TrainedMember => {
    // One of several holds back what it did not learn from; all of one recording may be learnt.
    const { validation } = splitClips(events, negatives, { ...config, part: index });
    const own = packageContent(job, {
      architecture,
      networks: [network],
      fingerprint,
      remarks: [],
      finishedMs: job.now(),
    });
    return {
      model: unwrittenPackage(job.dir, own),
      held: validation.positives,
      heldNegatives: validation.negatives,
    };
  });
  return { manifest, exportDifference, remarks: data.remarks, members };
}

/** The network that a configuration stands for. */
export function architectureOf(config: TrainConfig, events: number): Architecture {
  return networkOf(config.architecture, { nMels: config.features.nMels, events });
}

function trainedNetwork({ bestWeights, epochs }: ModelCheckpoint): TrainedNetwork {
  return { weights: bestWeights, epochs };
}
