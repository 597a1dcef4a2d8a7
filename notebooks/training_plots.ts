/** The plots of a training that change while it runs. */
import type { TrainConfig } from "lib/learning/train/train_config.ts";
import type { ScoredValidation } from "lib/learning/train/validation.ts";
import { countWindows, exampleWindows } from "lib/learning/train/validation_windows.ts";
import type { TrainingProgress } from "lib/learning/train/watch_training.ts";
import { plotConfusion } from "lib/show/plots/confusion.ts";
import { plotTrainingCurves } from "lib/show/plots/training_curves.ts";
import { plotValidationWindows } from "lib/show/plots/validation_windows.ts";
import { livePlot } from "notebooks/display.ts";

/** What {@link trainingPlots} draws. */
export interface TrainingPlotsOptions {
  /** The first event of the model. */
  readonly event: string;
  /** Scores from here on count as found. */
  readonly threshold: number;
  readonly config: TrainConfig;
}

/** A training whose plots are done: at least one epoch was measured. */
export type WatchedTraining = TrainingProgress & { readonly scored: ScoredValidation };

/** Curves after every step; windows counted at a threshold and four windows with their scores after every epoch. */
export interface TrainingPlots {
  update(progress: TrainingProgress): void;
  /**
   * Draws the last figures, and gives where the training ended.
   * @throws {Error} when no epoch ended.
   */
  done(): Promise<WatchedTraining>;
}

/** Makes places for the plots in the cell that runs. */
export function trainingPlots({ event: label, threshold, config }: TrainingPlotsOptions): TrainingPlots {
  const [curves, confusion, examples] = [livePlot(), livePlot(), livePlot()];
  const seconds = config.mixture.windowSeconds;
  let last: TrainingProgress | undefined;
  return {
    update(progress) {
      last = progress;
      const { points, epochs, epochEnded, scored } = progress;
      curves.update(() => plotTrainingCurves([{ name: label, points }]));
      if (!epochEnded || !scored) return;
      confusion.update(() =>
        plotConfusion({ label, threshold, ...countWindows(scored, { event: 0, threshold }) })
      );
      const epoch = epochs.length;
      examples.update(() =>
        plotValidationWindows({
          label,
          windows: exampleWindows(scored, { event: 0 }),
          seconds,
          threshold,
          features: config.features,
          epoch,
        })
      );
    },
    async done() {
      for (const plot of [curves, confusion, examples]) await plot.done();
      if (!last?.scored) throw new Error("No epoch of the training has ended");
      return { ...last, scored: last.scored };
    },
  };
}
