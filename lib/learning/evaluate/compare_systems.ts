import type { SoundEvent } from "lib/base/events/sound_event.ts";
import { type BootstrapOptions, pairedBootstrap, type PairedDifference } from "lib/base/metrics/bootstrap.ts";
import { countAtThresholds, operatingCurve } from "lib/learning/evaluate/operating_curve.ts";

/** One annotated recording, and what two systems found in it. */
interface ComparedRecording {
  readonly annotations: readonly SoundEvent[];
  /** Length, in seconds. */
  readonly duration: number;
  readonly first: readonly SoundEvent[];
  readonly second: readonly SoundEvent[];
}

/** Figures of the second system minus those of the first, each with how sure that is. */
interface SystemDifference {
  readonly f1: PairedDifference;
  readonly precision: PairedDifference;
  readonly recall: PairedDifference;
  readonly falseAlarmsPerHour: PairedDifference;
}

/**
 * Compares two systems on the same recordings by a paired bootstrap over minutes: says whether a difference is more than
 * luck.
 *
 * @param options.collar Onset collar, in seconds; 1 by default.
 * @throws {RangeError} If there is no recording, or a duration is not above 0.
 */
export function compareSystems(
  recordings: readonly ComparedRecording[],
  options: BootstrapOptions & { collar?: number },
): SystemDifference {
  const count = (system: "first" | "second") =>
    countAtThresholds(
      recordings.map((recording) => ({ ...recording, eventsAt: () => recording[system] })),
      [0],
      options,
    );
  const [first, second] = [count("first"), count("second")];
  const compare = (key: keyof SystemDifference): PairedDifference =>
    pairedBootstrap(
      first.seconds.length,
      (weights) => operatingCurve(first, weights)[0]![key],
      (weights) => operatingCurve(second, weights)[0]![key],
      options,
    );
  return {
    f1: compare("f1"),
    precision: compare("precision"),
    recall: compare("recall"),
    falseAlarmsPerHour: compare("falseAlarmsPerHour"),
  };
}
