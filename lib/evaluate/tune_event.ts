import { detectionSettings, smoothingOf } from "lib/detect/detection_settings.ts";
import { findEvents } from "lib/detect/find_events.ts";
import { smoothScores } from "lib/detect/smooth.ts";
import { columnOf } from "lib/detect/streaming_detector.ts";
import { choosePoint, type ChosenPoint, type PointRule } from "lib/evaluate/choose_point.ts";
import {
  countAtThresholds,
  type CurveCounts,
  type CurvePoint,
  operatingCurve,
  type SearchedRecording,
} from "lib/evaluate/operating_curve.ts";
import type { RecordingScores } from "lib/evaluate/score_recording.ts";
import type { SoundEvent } from "lib/events/sound_event.ts";
import { latestOperatingPoint, type Manifest, type Postprocessing } from "lib/model_package/manifest.ts";

/** A scored recording and its annotations of all sounds, from end to end. */
export interface AnnotatedScores extends RecordingScores {
  readonly annotations: readonly SoundEvent[];
}

/** A threshold that was chosen, and what it was chosen from. */
export interface TunedEvent {
  readonly chosen: ChosenPoint;
  readonly counts: CurveCounts;
  readonly curve: readonly CurvePoint[];
  readonly postprocessing: Postprocessing;
  /** What the model did until now. */
  readonly before: CurvePoint;
}

/** How to tune. */
export interface TuneOptions {
  readonly event: string;
  readonly rule: PointRule;
  /** Whether smoothing, hysteresis, shortest duration and merging are tuned too; only the threshold by default. */
  readonly grid?: boolean;
}

/** What is tried of each setting, in seconds; one after the other, since all combinations would be hundreds. */
const GRID: readonly Partial<Postprocessing>[] = [
  ...[0, 0.12, 0.24, 0.4].map((duration) => ({ smoothing: { kind: "median" as const, duration } })),
  ...[0.3, 0.5, 0.7, 0.9].map((offsetRatio) => ({ offsetRatio })),
  ...[0, 0.1, 0.2].map((minDuration) => ({ minDuration })),
  ...[0.1, 0.3, 0.6].map((mergeGap) => ({ mergeGap })),
];

/**
 * Chooses the threshold of one sound on annotated recordings, searching them exactly as `find` does.
 *
 * @returns Undefined where no threshold keeps the rule.
 * @throws {RangeError} If nothing is annotated with the sound, or the model does not know it.
 */
export function tuneEvent(
  manifest: Manifest,
  recordings: readonly AnnotatedScores[],
  options: TuneOptions,
): TunedEvent | undefined {
  const { event, rule } = options;
  if (!recordings.some(({ annotations }) => annotations.some(({ label }) => label === event))) {
    const labels = [
      ...new Set(recordings.flatMap(({ annotations }) => annotations.map(({ label }) => label))),
    ];
    throw new RangeError(
      `Cannot tune "${event}": nothing is annotated with it (labels: ${labels.join(", ") || "none"})`,
    );
  }
  const current = latestOperatingPoint(manifest, event);
  const tryOut = (postprocessing: Postprocessing, thresholds?: readonly number[]) => {
    const searched = recordings.map((recording) => searchable(manifest, recording, event, postprocessing));
    const counts = countAtThresholds(searched, thresholds);
    const curve = operatingCurve(counts);
    return { postprocessing, counts, curve };
  };
  const base = current?.postprocessing ?? manifest.postprocessing;
  const before = tryOut(base, [current?.threshold ?? base.onsetThreshold]).curve[0]!;
  let best = withChoice(tryOut(base), rule);
  // Half an event of a gain is luck, not a better setting.
  const gain = 0.5 / before.annotated;
  for (const change of options.grid ? GRID : []) {
    const tried = withChoice(tryOut({ ...(best?.postprocessing ?? base), ...change }), rule);
    if (tried && (!best || tried.chosen.value > best.chosen.value + gain)) best = tried;
  }
  return best && { ...best, before };
}

/** The scores of one sound as a recording that can be searched at any threshold. */
export function searchable(
  manifest: Manifest,
  recording: AnnotatedScores,
  event: string,
  postprocessing: Postprocessing,
): SearchedRecording {
  const { scores, eventNames, grid, duration } = recording;
  const settingsAt = (threshold: number) =>
    detectionSettings([manifest], { events: [event], threshold, postprocessing })[0]!;
  const column = columnOf(scores, eventNames.indexOf(event), eventNames.length);
  const smooth = smoothScores(column, smoothingOf(settingsAt(0.5), grid.period));
  return {
    annotations: recording.annotations.filter(({ label }) => label === event),
    duration,
    eventsAt: (threshold) => findEvents(smooth, grid, { ...settingsAt(threshold).events, end: duration }),
  };
}

function withChoice(
  tried: { postprocessing: Postprocessing; counts: CurveCounts; curve: readonly CurvePoint[] },
  rule: PointRule,
): Omit<TunedEvent, "before"> | undefined {
  const chosen = choosePoint(tried.curve, rule);
  return chosen && { ...tried, chosen };
}
