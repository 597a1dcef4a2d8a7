import type { EventOptions } from "lib/learning/detect/find_events.ts";
import { smoothingLength, type SmoothingOptions } from "lib/learning/detect/smooth.ts";
import {
  latestOperatingPoint,
  type Manifest,
  type Postprocessing,
} from "lib/learning/model_package/manifest.ts";

/** What a user wants to be different from what the models say. */
export interface DetectionOverrides {
  /** Sounds to look for; all that the models know by default. */
  readonly events?: readonly string[] | undefined;
  /** Onset threshold of all sounds, from 0 to 1. */
  readonly threshold?: number | undefined;
  /** Other ways from scores to events, in seconds. */
  readonly postprocessing?: { readonly [Key in keyof Postprocessing]?: Postprocessing[Key] | undefined };
}

/** How the events of one sound are found, with nothing left open. */
export interface DetectionSettings {
  readonly smoothing: Postprocessing["smoothing"];
  readonly events: EventOptions & { readonly offsetThreshold: number };
}

/**
 * Decides for each sound how its scores become events: what the user asks for, else the operating point chosen
 * last, else the manifest's defaults. Of several models that know a sound, thresholds are averaged, as scores are,
 * and the first one's other values count.
 *
 * @throws {RangeError} If an event is asked for that no model knows.
 */
export function detectionSettings(
  manifests: readonly Manifest[],
  overrides: DetectionOverrides = {},
): DetectionSettings[] {
  const known = [...new Set(manifests.flatMap((manifest) => manifest.eventNames))];
  const labels = overrides.events ?? known;
  const unknown = labels.find((label) => !known.includes(label));
  if (unknown !== undefined) {
    throw new RangeError(`No model knows the event "${unknown}", only ${known.join(", ")}`);
  }
  const changes = Object.fromEntries(
    Object.entries(overrides.postprocessing ?? {}).filter(([, value]) => value !== undefined),
  );
  return labels.map((label) => {
    const experts = manifests.filter((manifest) => manifest.eventNames.includes(label));
    const points = experts.map((manifest) => latestOperatingPoint(manifest, label));
    const base = points[0]?.postprocessing ?? experts[0]!.postprocessing;
    const chosen: Postprocessing = { ...base, ...changes };
    const thresholds = experts.map((manifest, i) =>
      points[i]?.threshold ?? manifest.postprocessing.onsetThreshold
    );
    const mean = thresholds.reduce((sum, threshold) => sum + threshold, 0) / thresholds.length;
    const onsetThreshold = overrides.threshold ?? overrides.postprocessing?.onsetThreshold ?? mean;
    const { smoothing, offsetRatio, minDuration, mergeGap, pad, maxDuration } = chosen;
    return {
      smoothing,
      events: {
        label,
        onsetThreshold,
        offsetThreshold: onsetThreshold * offsetRatio,
        minDuration,
        mergeGap,
        pad,
        ...(maxDuration === undefined ? {} : { maxDuration }),
      },
    };
  });
}

/** The smoothing of one sound's scores on a grid of this period, in seconds. */
export function smoothingOf({ smoothing }: DetectionSettings, period: number): SmoothingOptions {
  return { kind: smoothing.kind, length: smoothingLength(smoothing.duration, period), width: 1 };
}
