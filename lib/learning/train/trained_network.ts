import { mean } from "lib/base/numbers/statistics.ts";
import type { Checkpoint, Epoch } from "lib/learning/train/fit.ts";
import type { WeightArrays } from "lib/learning/train/network.ts";

/** A network whose training is over. */
export interface TrainedNetwork {
  /** Of its best epoch. */
  readonly weights: WeightArrays;
  readonly epochs: readonly Epoch[];
}

/** Where the training of a model stands: the network that is being trained, and those before it. */
export interface ModelCheckpoint extends Checkpoint {
  readonly finished: readonly TrainedNetwork[];
}

/** The epoch whose weights were kept. */
export function bestEpoch({ epochs }: Pick<TrainedNetwork, "epochs">): Epoch {
  return epochs.findLast((epoch) => epoch.best)!;
}

/** Seconds that the training of the networks took, one after the other. */
export function trainingSeconds(networks: readonly TrainedNetwork[]): number {
  return networks.reduce((sum, { epochs }) => sum + epochs.at(-1)!.seconds, 0);
}

/** Figures on the validation clips, means over the networks: each measures on clips that it did not learn from. */
export function meanValidation(networks: readonly TrainedNetwork[]): {
  readonly averagePrecision: number;
  readonly byEvent: readonly number[];
  readonly baseline: number;
} {
  const each = networks.map((network) => bestEpoch(network).validation);
  return {
    averagePrecision: mean(each.map(({ averagePrecision }) => averagePrecision)),
    byEvent: each[0]!.byEvent.map((_, k) => mean(each.map(({ byEvent }) => byEvent[k]!))),
    baseline: mean(each.map(({ baseline }) => baseline)),
  };
}
