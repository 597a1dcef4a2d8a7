import type { SoundEvent } from "lib/base/events/sound_event.ts";
import type { TimeGrid } from "lib/base/events/time_grid.ts";
import { detectionSettings, smoothingOf } from "lib/learning/detect/detection_settings.ts";
import { columnOf } from "lib/learning/detect/score_tracks.ts";
import { smoothScores } from "lib/learning/detect/smooth.ts";
import { type AnnotatedScores, searchable } from "lib/learning/evaluate/tune_event.ts";
import type { Manifest, Postprocessing } from "lib/learning/model_package/manifest.ts";

/** What is drawn of one recording at one threshold; `plotScoreTimeline()` takes it with a name. */
export interface RecordingTimeline {
  /** Smoothed frame scores of the event, shape [T]. */
  readonly scores: Float32Array;
  readonly grid: TimeGrid;
  readonly durationSeconds: number;
  readonly threshold: number;
  readonly events: readonly SoundEvent[];
  readonly annotations: readonly SoundEvent[];
}

/** What a threshold finds in a recording that was scored, with the scores that it is held against. */
export function recordingTimeline(
  manifest: Manifest,
  recording: AnnotatedScores,
  options: {
    readonly event: string;
    readonly threshold: number;
    readonly postprocessing: Postprocessing;
  },
): RecordingTimeline {
  const { event, threshold, postprocessing } = options;
  const { scores, eventNames, grid, duration } = recording;
  const searched = searchable(manifest, recording, event, postprocessing);
  const [settings] = detectionSettings([manifest], { events: [event], threshold, postprocessing });
  const column = columnOf(scores, eventNames.indexOf(event), eventNames.length);
  return {
    scores: smoothScores(column, smoothingOf(settings!, grid.period)),
    grid,
    durationSeconds: duration,
    threshold,
    events: searched.eventsAt(threshold),
    annotations: searched.annotations,
  };
}
