import { compareByOnset, type SoundEvent } from "lib/base/events/sound_event.ts";
import type { TimeGrid } from "lib/base/events/time_grid.ts";
import { type DetectionSettings, smoothingOf } from "lib/learning/detect/detection_settings.ts";
import { createEventFinder } from "lib/learning/detect/find_events.ts";
import { columnOf } from "lib/learning/detect/score_tracks.ts";
import { createSmoother } from "lib/learning/detect/smooth.ts";
import type { DetectedEvent } from "lib/learning/detect/streaming_detector.ts";

/** Smooths the scores of some sounds and finds their events, while scores arrive. */
interface EventTracks {
  /** @param scores Shape [t, K]. @returns Events that no later score can change, by onset. */
  push(scores: Float32Array): DetectedEvent[];
  /** The last events. @param duration Length of what was scored, in seconds. */
  flush(duration: number): DetectedEvent[];
}

/**
 * Makes what finds events in scores.
 *
 * @param options `eventNames` are those of the K scores; `startTime` is added to the times of events, in seconds.
 */
export function createEventTracks(
  settings: readonly DetectionSettings[],
  { eventNames, grid, startTime = 0 }: {
    readonly eventNames: readonly string[];
    readonly grid: TimeGrid;
    readonly startTime?: number;
  },
): EventTracks {
  const tracks = settings.map((setting) => ({
    column: eventNames.indexOf(setting.events.label),
    smoother: createSmoother(smoothingOf(setting, grid.period)),
    finder: createEventFinder(grid, setting.events),
  }));
  const place = (events: SoundEvent[]): DetectedEvent[] =>
    events.toSorted(compareByOnset).map((event) => ({
      ...event,
      onset: event.onset + startTime,
      offset: event.offset + startTime,
      score: event.score ?? 0,
    }));
  return {
    push: (scores) =>
      place(
        tracks.flatMap(({ column, smoother, finder }) =>
          finder.push(smoother.push(columnOf(scores, column, eventNames.length)))
        ),
      ),
    flush: (duration) =>
      place(tracks.flatMap(({ smoother, finder }) => [
        ...finder.push(smoother.flush()),
        ...finder.flush(duration),
      ])),
  };
}
