import type { SplitBackground } from "lib/learning/dataset/background.ts";
import type { Batch } from "lib/learning/dataset/batch.ts";
import type { BatchConfig } from "lib/learning/dataset/batch.ts";
import { type BatchSource, createBatchSource } from "lib/learning/dataset/batch_source.ts";
import { type Architecture, frameStride } from "lib/learning/model/architecture.ts";
import type { Engine } from "lib/learning/train/engine.ts";
import { type Checkpoint, fit, type FitOptions, type Step } from "lib/learning/train/fit.ts";
import { createHardNegatives } from "lib/learning/train/hard_negatives.ts";
import { redrawn, splitTrunk, trunkValues } from "lib/learning/train/kept_trunk.ts";
import {
  createNetwork,
  initialState,
  type NetworkState,
  type WeightArrays,
} from "lib/learning/train/network.ts";
import type { TrainConfig } from "lib/learning/train/train_config.ts";
import { type EventClips, splitClips, type TrainingData } from "lib/learning/train/training_data.ts";
import {
  createValidationSet,
  type ScoredValidation,
  type ValidationSet,
} from "lib/learning/train/validation.ts";
import { startFrom } from "lib/learning/train/weights_file.ts";

/** One network of a model that is to be trained. */
interface NetworkJob {
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
  readonly bases?: readonly { readonly weights: WeightArrays }[] | undefined;
  /** Goes on after this checkpoint. */
  readonly from?: Checkpoint | undefined;
  /** Threads that mix sound beside the network. */
  readonly threads?: number | undefined;
  readonly onStep?: ((step: Step) => void) | undefined;
  /** Gets the scores of the validation windows after each epoch. */
  readonly onValidation?: ((scored: ScoredValidation) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
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
  const validation = createValidationSet(data.validation, batchConfig, {
    seed,
    windows: config.validationWindows,
  });
  const batchSource = (last: number): BatchSource =>
    createBatchSource(data.train, batchConfig, {
      seed,
      threads: job.threads ?? 1,
      // Never into the epoch after next, whose hard negatives are not known yet.
      ahead: Math.min(3, config.stepsPerEpoch - 1),
      last,
    });
  const { bases = [] } = job;
  const base = bases[job.index % bases.length];
  const startOf = (part: Architecture): NetworkState => {
    const fresh = initialState(part, seed);
    return base ? startFrom(part, fresh, base.weights).state : fresh;
  };
  const options = { ...config, seed, number: index + 1, ...fitCallbacks(job) };
  if (config.keptWindows !== undefined) {
    const last = Math.ceil(config.keptWindows / config.batchSize) - 1;
    return yield* trainHead(job, {
      options,
      validation,
      batches: batchSource(last),
      count: last + 1,
      startOf,
    });
  }
  const batches = batchSource(config.epochs * config.stepsPerEpoch - 1);
  const network = createNetwork(job.engine.tf, architecture, {
    state: from?.network ?? startOf(architecture),
    optimizer: config.optimizer,
  });
  try {
    yield* fit(network, {
      ...options,
      batches,
      validation,
      hardNegatives: createHardNegatives(data.train, {
        features: config.features,
        windowSeconds: config.mixture.windowSeconds,
        frameStride: batchConfig.frameStride,
        seed,
      }),
    });
  } finally {
    batches.close();
    network.dispose();
  }
}

/** Trains the layers over time alone, on what the trunk gives for some windows that are mixed once. */
async function* trainHead(
  { engine, architecture, config, from, onValidation }: NetworkJob,
  { options, validation, batches, count, startOf }: {
    readonly options: Omit<FitOptions, "batches" | "validation">;
    readonly validation: ValidationSet;
    /** Of windows as they are mixed. */
    readonly batches: BatchSource;
    /** How many of these batches are kept. */
    readonly count: number;
    readonly startOf: (part: Architecture) => NetworkState;
  },
): AsyncGenerator<Checkpoint> {
  const { trunk, head } = splitTrunk(architecture);
  const start = createNetwork(engine.tf, architecture, { state: startOf(architecture) });
  const whole = await start.weights();
  start.dispose();
  const values = trunkValues(engine.tf, trunk, whole);
  const network = createNetwork(engine.tf, head, {
    state: from?.network ?? startOf(head),
    optimizer: config.optimizer,
  });
  try {
    const kept: Batch[] = [];
    for (let index = 0; index < count; index++) {
      options.signal?.throwIfAborted();
      kept.push(await values.of(await batches.batch(index)));
    }
    const seen: Batch[] = [];
    for (const batch of validation.batches) seen.push(await values.of(batch));
    const training = fit(network, {
      ...options,
      batches: redrawn(kept, options.seed),
      validation: { batches: seen },
      ...(onValidation && {
        onValidation: ({ scores }) => onValidation({ batches: validation.batches, scores }),
      }),
    });
    for await (const checkpoint of training) {
      yield { ...checkpoint, bestWeights: { ...whole, ...checkpoint.bestWeights } };
    }
  } finally {
    batches.close();
    values.dispose();
    network.dispose();
  }
}

function fitCallbacks({ now, from, onStep, onValidation, signal }: NetworkJob): Pick<
  FitOptions,
  "now" | "from" | "onStep" | "onValidation" | "signal"
> {
  return {
    now,
    from,
    onStep,
    onValidation,
    signal,
  };
}

/** How the batches of a training are made. */
export function batchConfigOf(config: TrainConfig, architecture: Architecture): BatchConfig {
  const { features, mixture, masks, batchSize } = config;
  return { features, mixture, masks, batchSize, frameStride: frameStride(architecture) };
}

/** The seed of a network's weights and batches. */
function networkSeed({ seed }: Pick<TrainConfig, "seed">, index: number): string | number {
  return index === 0 ? seed : `${seed}/network ${index + 1}`;
}
