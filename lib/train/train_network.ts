import { createBatchSource } from "lib/dataset/batch_source.ts";
import type { SplitBackground } from "lib/dataset/background.ts";
import type { BatchConfig } from "lib/dataset/batch.ts";
import { type Architecture, frameStride } from "lib/model/architecture.ts";
import type { Engine } from "lib/train/engine.ts";
import { type Checkpoint, fit, type Step } from "lib/train/fit.ts";
import { createHardNegatives } from "lib/train/hard_negatives.ts";
import { createNetwork, initialState, type WeightArrays } from "lib/train/network.ts";
import type { TrainConfig } from "lib/train/train_config.ts";
import { type EventClips, splitClips, type TrainingData } from "lib/train/training_data.ts";
import { createValidationSet, type ScoredValidation } from "lib/train/validation.ts";
import { startFrom } from "lib/train/weights_file.ts";

/** One network of a model that is to be trained. */
export interface NetworkJob {
  readonly events: readonly EventClips[];
  readonly negatives: EventClips["positives"];
  /** Windows of recordings without any event, to learn from and to choose among epochs. */
  readonly background?: Pick<SplitBackground, "train" | "validation"> | undefined;
  readonly config: TrainConfig;
  readonly architecture: Architecture;
  /** The clips as they are split; by default the part `index` is held out. */
  readonly data?: TrainingData;
  readonly engine: Engine;
  /** Which network of the model it is, from 0: it decides which clips are held back, and the batches. */
  readonly index: number;
  /** Weights to start from wherever layers agree; the networks of a model take turns. */
  readonly bases?: readonly { readonly weights: WeightArrays }[];
  /** Goes on after this checkpoint. */
  readonly from?: Checkpoint;
  /** Threads that mix sound beside the network. */
  readonly threads?: number;
  readonly onStep?: (step: Step) => void;
  /** Gets the scores of the validation windows after each epoch. */
  readonly onValidation?: (scored: ScoredValidation) => void;
  readonly signal?: AbortSignal;
  /** In milliseconds. */
  readonly now: () => number;
}

/** Trains one network; gives a checkpoint after every epoch, as `fit()` does. */
export async function* trainNetwork(job: NetworkJob): AsyncGenerator<Checkpoint> {
  const { config, architecture, index, events, negatives, from } = job;
  const split = job.data ?? splitClips(events, negatives, { ...config, part: index });
  const data = {
    train: { ...split.train, background: job.background?.train },
    validation: { ...split.validation, background: job.background?.validation },
  };
  const seed = networkSeed(config, index);
  const batchConfig = batchConfigOf(config, architecture);
  const batches = createBatchSource(data.train, batchConfig, {
    seed,
    threads: job.threads ?? 1,
    // Never into the epoch after next, whose hard negatives are not known yet.
    ahead: Math.min(3, config.stepsPerEpoch - 1),
    last: config.epochs * config.stepsPerEpoch - 1,
  });
  const fresh = initialState(architecture, seed);
  const { bases = [] } = job;
  const base = bases[job.index % bases.length];
  const start = base ? startFrom(architecture, fresh, base.weights).state : fresh;
  const network = createNetwork(job.engine.tf, architecture, {
    state: from?.network ?? start,
    optimizer: config.optimizer,
  });
  try {
    yield* fit(network, {
      ...config,
      seed,
      number: index + 1,
      batches,
      validation: createValidationSet(data.validation, batchConfig, {
        seed,
        windows: config.validationWindows,
      }),
      hardNegatives: createHardNegatives(data.train, {
        features: config.features,
        windowSeconds: config.mixture.windowSeconds,
        frameStride: batchConfig.frameStride,
        seed,
      }),
      now: job.now,
      ...(from && { from }),
      ...(job.onStep && { onStep: job.onStep }),
      ...(job.onValidation && { onValidation: job.onValidation }),
      ...(job.signal && { signal: job.signal }),
    });
  } finally {
    batches.close();
    network.dispose();
  }
}

/** How the batches of a training are made. */
export function batchConfigOf(config: TrainConfig, architecture: Architecture): BatchConfig {
  const { features, mixture, masks, batchSize } = config;
  return { features, mixture, masks, batchSize, frameStride: frameStride(architecture) };
}

/** The seed of a network's weights and batches. */
export function networkSeed({ seed }: Pick<TrainConfig, "seed">, index: number): string | number {
  return index === 0 ? seed : `${seed}/network ${index + 1}`;
}
