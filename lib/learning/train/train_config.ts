import { z } from "zod";
import { DEFAULT_MASKS, type MaskConfig } from "lib/learning/dataset/batch.ts";
import { DEFAULT_MIXTURE, type MixtureConfig } from "lib/learning/dataset/mixture_config.ts";
import { DEFAULT_FEATURES, type FeatureConfig } from "lib/learning/features/feature_config.ts";
import { DEFAULT_FRAME_CNN, type NetworkSizes } from "lib/learning/model/architecture.ts";
import { DEFAULT_OPTIMIZER, type OptimizerConfig } from "lib/learning/train/optimizer.ts";
import { DEFAULT_SCHEDULE, type ScheduleConfig } from "lib/learning/train/schedule.ts";

/** Everything that decides a training apart from the clips; saved with the model. */
export interface TrainConfig {
  readonly features: FeatureConfig;
  readonly architecture: NetworkSizes;
  readonly mixture: MixtureConfig;
  readonly masks: MaskConfig;
  readonly optimizer: OptimizerConfig;
  readonly schedule: ScheduleConfig;
  /** Windows in a batch. */
  readonly batchSize: number;
  /** Of each network. */
  readonly epochs: number;
  readonly stepsPerEpoch: number;
  /**
   * Networks in the model. Each holds other clips back and begins with other batches; the model's scores are the mean of
   * theirs. `weights.bin` is the first one's, and of several models to start from each network takes one in turn.
   */
  readonly networks: number;
  /** Share of the clips that are trained on; the others measure. */
  readonly trainShare: number;
  /** Windows that are scored after each epoch. */
  readonly validationWindows: number;
  readonly seed: number | string;
  /**
   * Windows that are mixed once, and for which what the trunk gives is kept: only the layers over time learn. All layers
   * learn from ever new windows, if left out.
   */
  readonly keptWindows?: number | undefined;
}

const { nMels: _bands, events: _events, ...architecture } = DEFAULT_FRAME_CNN;

export const DEFAULT_TRAIN_CONFIG = Object.freeze(
  {
    features: DEFAULT_FEATURES,
    architecture,
    mixture: DEFAULT_MIXTURE,
    masks: DEFAULT_MASKS,
    optimizer: DEFAULT_OPTIMIZER,
    schedule: DEFAULT_SCHEDULE,
    batchSize: 24,
    epochs: 16,
    stepsPerEpoch: 50,
    networks: 3,
    trainShare: 0.85,
    validationWindows: 240,
    seed: 1,
  } as const satisfies TrainConfig,
);

/** A configuration, or a part of one, as it can be stored: plain JSON, without keys whose value is undefined. */
export function configAsJson(config: TrainConfig | NetworkSizes): Record<string, z.core.util.JSONType> {
  return z.record(z.string(), z.json()).parse(JSON.parse(JSON.stringify(config)));
}
