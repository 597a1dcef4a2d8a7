import { DEFAULT_TAPPED_CNN, type NetworkSizes } from "lib/model/architecture.ts";
import type { Manifest } from "lib/model_package/manifest.ts";
import { DEFAULT_TRAIN_CONFIG, type TrainConfig } from "lib/train/train_config.ts";
import { sizesOf, stagesOf } from "lib/train/trunk.ts";

/** What a training does otherwise if it starts from a trunk that has heard much: fewer networks, and a trunk that hardly moves. */
export const TRUNK_TRAINING = Object.freeze(
  {
    networks: 1,
    epochs: 12,
    stepsPerEpoch: 50,
    optimizer: { ...DEFAULT_TRAIN_CONFIG.optimizer, trunkRate: 0.1, averageDecay: 0.99 },
  } as const satisfies Partial<TrainConfig>,
);

const { nMels: _bands, events: _events, ...DEFAULT_SIZES } = DEFAULT_TAPPED_CNN;

/**
 * How a training goes that starts from a model: with the features and the network of that model, if it has heard much, else
 * as by default.
 *
 * @param base The model's manifest; undefined to start from nothing.
 */
export function trainingFrom(
  base: Pick<Manifest, "architecture" | "features"> | undefined,
): Omit<TrainConfig, "seed"> {
  const sizes = base && trunkSizes(base);
  if (!sizes) return DEFAULT_TRAIN_CONFIG;
  return { ...DEFAULT_TRAIN_CONFIG, ...TRUNK_TRAINING, features: base.features, architecture: sizes };
}

/** Sizes of the network that is built over a model's trunk, if it has one. */
function trunkSizes(base: Pick<Manifest, "architecture">): NetworkSizes | undefined {
  const sizes = sizesOf(base);
  if (sizes) return "stages" in sizes ? sizes : undefined;
  const stages = stagesOf(base);
  return stages && { ...DEFAULT_SIZES, stages };
}
