import type { SoundEvent } from "lib/events/sound_event.ts";

/** Found events this close to an annotation, in seconds, are no false alarms: people label loosely. */
export const FALSE_ALARM_MARGIN = 0.5;

/**
 * The found events that overlap no annotation widened by `margin` seconds on both sides. A second detection of one
 * event is therefore no false alarm (it does lower precision), and a detection that only touches a widened
 * annotation is one.
 */
export function falseAlarms<E extends SoundEvent>(
  annotations: readonly SoundEvent[],
  found: readonly E[],
  margin = FALSE_ALARM_MARGIN,
): E[] {
  return found.filter((event) =>
    !annotations.some((annotation) =>
      event.onset < annotation.offset + margin && event.offset > annotation.onset - margin
    )
  );
}
