import { createBatchSource } from "lib/dataset/batch_source.ts";
import type { BatchConfig } from "lib/dataset/batch.ts";
import { type Architecture, frameCnn, frameStride } from "lib/model/architecture.ts";
import type { Manifest } from "lib/model_package/manifest.ts";
import { ModelPackageError } from "lib/model_package/package_error.ts";
import { writePackage } from "lib/model_package/write_package.ts";
import { type CheckpointOwner, readCheckpoint, writeCheckpoint } from "lib/train/checkpoint_file.ts";
import type { Engine } from "lib/train/engine.ts";
import { type Checkpoint, fit, type Step } from "lib/train/fit.ts";
import { createHardNegatives } from "lib/train/hard_negatives.ts";
import { createNetwork, initialState } from "lib/train/network.ts";
import { packageContent, type PackageFacts, unwrittenPackage } from "lib/train/package_content.ts";
import { configAsJson, type TrainConfig } from "lib/train/train_config.ts";
import { dataFingerprint, splitClips } from "lib/train/training_data.ts";
import { createValidationSet } from "lib/train/validation.ts";
import { verifyExport } from "lib/train/verify_export.ts";
import { startFrom } from "lib/train/weights_file.ts";

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
  readonly threads?: number;
  readonly onStep?: (step: Step) => void;
  /** Ends the training early; the model is written from the best epoch so far. */
  readonly signal?: AbortSignal;
  /** In milliseconds. */
  readonly now: () => number;
}

/** What came out of a training. */
export interface TrainedModel {
  readonly manifest: Manifest;
  /** Largest difference between a score in ONNX Runtime and in TensorFlow.js. */
  readonly exportDifference: number;
  readonly remarks: readonly string[];
}

/**
 * Trains a model and writes its package. Gives a checkpoint after every epoch, and the model as the return value.
 *
 * @throws {RangeError} If there are too few clips.
 * @throws {ModelPackageError} If the folder exists; this is checked before the training.
 * @throws {CheckpointError} If the checkpoint to go on from does not fit.
 */
export async function* trainModel(job: TrainJob): AsyncGenerator<Checkpoint, TrainedModel> {
  const { config, engine, events, negatives } = job;
  if (await exists(job.dir)) {
    throw new ModelPackageError(job.dir, "the folder exists already; name a new one, or delete it");
  }
  const data = splitClips(events, negatives, config);
  const fingerprint = dataFingerprint(events, negatives);
  const architecture = architectureOf(config, events.length);
  const batchConfig: BatchConfig = {
    features: config.features,
    mixture: config.mixture,
    masks: config.masks,
    frameStride: frameStride(architecture),
    batchSize: config.batchSize,
  };
  const owner: CheckpointOwner = {
    config: { ...configAsJson(config), base: job.base?.name ?? null },
    dataFingerprint: fingerprint,
  };
  const from = job.resume && job.checkpointPath ? await readCheckpoint(job.checkpointPath, owner) : undefined;
  const validation = createValidationSet(data.validation, batchConfig, {
    seed: config.seed,
    windows: config.validationWindows,
  });
  const steps = config.epochs * config.stepsPerEpoch;
  const batches = createBatchSource(data.train, batchConfig, {
    seed: config.seed,
    threads: job.threads ?? 1,
    // Never into the epoch after next, whose hard negatives are not known yet.
    ahead: Math.min(3, config.stepsPerEpoch - 1),
    last: steps - 1,
  });
  const hardNegatives = createHardNegatives(data.train.negatives, {
    features: config.features,
    windowSeconds: config.mixture.windowSeconds,
    frameStride: batchConfig.frameStride,
    seed: config.seed,
  });
  const fresh = initialState(architecture, config.seed);
  const start = job.base ? startFrom(architecture, fresh, job.base.weights).state : fresh;
  const network = createNetwork(engine.tf, architecture, {
    state: from?.network ?? start,
    optimizer: config.optimizer,
  });
  let last = from;
  try {
    for await (
      const checkpoint of fit(network, {
        ...job,
        ...config,
        batches,
        validation,
        hardNegatives,
        ...(from && { from }),
      })
    ) {
      last = checkpoint;
      if (
        job.checkpointPath &&
        checkpoint.epochs.at(-1)!.step === checkpoint.epochs.length * config.stepsPerEpoch
      ) {
        await writeCheckpoint(job.checkpointPath, checkpoint, owner);
      }
      yield checkpoint;
    }
  } finally {
    batches.close();
    network.dispose();
  }
  if (!last) throw new DOMException("Interrupted before the first epoch; nothing was written", "AbortError");
  const content = packageContent(job, { architecture, checkpoint: last, fingerprint, remarks: data.remarks });
  const exportDifference = await verifyExport(engine.tf, {
    model: unwrittenPackage(job.dir, content),
    architecture,
    weights: last.bestWeights,
    batches: validation.batches.slice(0, 2),
  });
  const manifest = await writePackage(job.dir, content);
  if (job.checkpointPath) await Deno.remove(job.checkpointPath).catch(() => {});
  return { manifest, exportDifference, remarks: data.remarks };
}

/** The network that a configuration stands for. */
export function architectureOf(config: TrainConfig, events: number): Architecture {
  return frameCnn({ ...config.architecture, nMels: config.features.nMels, events });
}

async function exists(path: string): Promise<boolean> {
  return await Deno.lstat(path).then(() => true, () => false);
}
