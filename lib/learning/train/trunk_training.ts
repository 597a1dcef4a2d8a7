import { soundFeatures } from "lib/learning/features/model_input.ts";
import { DEFAULT_TAPPED_CNN, type NetworkSizes } from "lib/learning/model/architecture.ts";
import type { Manifest } from "lib/learning/model_package/manifest.ts";
import { DEFAULT_TRAIN_CONFIG, type TrainConfig } from "lib/learning/train/train_config.ts";
import { sizesOf, stagesOf } from "lib/learning/train/trunk.ts";

/** What a training does otherwise if it starts from a trunk that has heard much: fewer networks, and a trunk that hardly moves. */
export const TRUNK_TRAINING = Object.freeze(
  {
    networks: 1,
    epochs: 12,
    stepsPerEpoch: 50,
    optimizer: { ...DEFAULT_TRAIN_CONFIG.optimizer, trunkRate: 0.1, averageDecay: 0.99 },
  } as const satisfies Partial<TrainConfig>,
);

/** What a training does otherwise that is to take seconds: its trunk stays as it is, and looks at a few windows once. */
export const QUICK_TRAINING = Object.freeze(
  { networks: 1, epochs: 6, keptWindows: 384, validationWindows: 96 } as const satisfies Partial<TrainConfig>,
);

/**
 * Threshold that networks need for few false alarms, before anything is measured: of those that learnt through a trunk that
 * has heard much, scores crowd at both ends (of 180 sneezes in an hour, one network found most by F1 at 0.92, one that left the
 * trunk as it was at 0.68).
 */
export function priorThreshold(
  { architecture, keptWindows }: Pick<TrainConfig, "architecture" | "keptWindows">,
): number {
  if (!("stages" in architecture)) return 0.5;
  return keptWindows === undefined ? 0.9 : 0.7;
}

const { nMels: _bands, events: _events, ...DEFAULT_SIZES } = DEFAULT_TAPPED_CNN;

/**
 * How a training goes that starts from a model: with the features and the network of that model, if it has heard much, else
 * as by default.
 *
 * @param base The model's manifest; undefined to start from nothing.
 */
export function trainingFrom(
  base: Pick<Manifest, "architecture" | "inputs" | "name"> | undefined,
): Omit<TrainConfig, "seed"> {
  const sizes = base && trunkSizes(base);
  if (!sizes) return DEFAULT_TRAIN_CONFIG;
  return { ...DEFAULT_TRAIN_CONFIG, ...TRUNK_TRAINING, features: soundFeatures(base), architecture: sizes };
}

/** Sizes of the network that is built over a model's trunk, if it has one. */
function trunkSizes(base: Pick<Manifest, "architecture">): NetworkSizes | undefined {
  const sizes = sizesOf(base);
  if (sizes) return "stages" in sizes ? sizes : undefined;
  const stages = stagesOf(base);
  return stages && { ...DEFAULT_SIZES, stages };
}
