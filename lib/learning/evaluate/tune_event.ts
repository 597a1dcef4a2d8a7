import type { SoundEvent } from "lib/base/events/sound_event.ts";
import { detectionSettings, smoothingOf } from "lib/learning/detect/detection_settings.ts";
import { findEvents } from "lib/learning/detect/find_events.ts";
import { columnOf } from "lib/learning/detect/score_tracks.ts";
import { smoothScores } from "lib/learning/detect/smooth.ts";
import { choosePoint, type ChosenPoint, type PointRule } from "lib/learning/evaluate/choose_point.ts";
import {
  countAtThresholds,
  type CurveCounts,
  type CurvePoint,
  operatingCurve,
  type SearchedRecording,
} from "lib/learning/evaluate/operating_curve.ts";
import type { RecordingScores } from "lib/learning/evaluate/score_recording.ts";
import { type GridCell, gridSettings, MERGE_GAPS, steadiestCell } from "lib/learning/evaluate/tune_grid.ts";
import {
  latestOperatingPoint,
  type Manifest,
  type Postprocessing,
} from "lib/learning/model_package/manifest.ts";

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
  /** All combinations of settings that were tried, if they were. */
  readonly grid?: readonly GridCell[];
}

/** How to tune. */
interface TuneOptions {
  readonly event: string;
  readonly rule: PointRule;
  /** Whether smoothing, hysteresis, shortest duration and merging are tuned too; only the threshold by default. */
  readonly grid?: boolean;
}

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
  const unchanged = withChoice(tryOut(base), rule, current?.threshold);
  if (!options.grid) return unchanged && { ...unchanged, before };
  let best = unchanged;
  // Half an event of a gain is luck, not a better setting.
  const gain = 0.5 / before.annotated;
  const consider = (tried: Choice | undefined) => {
    if (tried && (!best || tried.chosen.value > best.chosen.value + gain)) best = tried;
  };
  const settings = gridSettings(base);
  const grid = settings.map((postprocessing) =>
    toCell(postprocessing, withChoice(tryOut(postprocessing), rule, current?.threshold))
  );
  const steadiest = steadiestCell(grid);
  // Tried once more instead of keeping the counts of all.
  if (steadiest !== undefined) consider(withChoice(tryOut(settings[steadiest]!), rule, current?.threshold));
  for (const mergeGap of MERGE_GAPS) {
    consider(withChoice(tryOut({ ...(best?.postprocessing ?? base), mergeGap }), rule, current?.threshold));
  }
  return best && { ...best, before, grid };
}

function toCell(
  { smoothing, offsetRatio, minDuration }: Postprocessing,
  choice: Choice | undefined,
): GridCell {
  return {
    smoothing: smoothing.duration,
    offsetRatio,
    minDuration,
    ...(choice ? { value: choice.chosen.value, chosen: choice.chosen } : {}),
  };
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

type Choice = Omit<TunedEvent, "before" | "grid">;

function withChoice(
  tried: { postprocessing: Postprocessing; counts: CurveCounts; curve: readonly CurvePoint[] },
  rule: PointRule,
  before: number | undefined,
): Choice | undefined {
  const hours = tried.counts.seconds.reduce((sum, seconds) => sum + seconds, 0) / 3600;
  const chosen = choosePoint(tried.curve, rule, { hours, before });
  return chosen && { ...tried, chosen };
}
