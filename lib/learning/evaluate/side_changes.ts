import type { SoundEvent } from "lib/base/events/sound_event.ts";
import { matchEvents } from "lib/base/metrics/event_matching.ts";
import { falseAlarms } from "lib/base/metrics/false_alarms.ts";
import { defaultThresholds, type SearchedRecording } from "lib/learning/evaluate/operating_curve.ts";

/** Something that is found or not, depending on the threshold. */
export interface SideChange {
  /** Index of the recording. */
  readonly recording: number;
  /** An annotation that is found up to the threshold, or a false alarm that is raised up to it. */
  readonly kind: "annotation" | "false-alarm";
  /** The annotation, or the false alarm as it is found at `threshold`. */
  readonly event: SoundEvent;
  /** The highest threshold at which it is found; undefined for an annotation that none finds. */
  readonly threshold: number | undefined;
}

/** Found events that overlap, or nearly, at neighbouring thresholds are one false alarm, in seconds. */
const SAME_PLACE = 0.5;

/**
 * At which threshold each annotation and each false alarm changes side: lowering the threshold below it finds the one and
 * raises the other. By rising threshold; annotations that no threshold finds come first.
 *
 * @param thresholds Those that are tried; 139 from 0.001 to 0.999 by default.
 */
export function sideChanges(
  recordings: readonly SearchedRecording[],
  thresholds: readonly number[] = defaultThresholds(),
): SideChange[] {
  const falling = thresholds.toSorted((a, b) => b - a);
  const changes: SideChange[] = [];
  recordings.forEach(({ annotations, eventsAt }, recording) => {
    const open = new Set(annotations);
    const alarms: SoundEvent[] = [];
    for (const threshold of falling) {
      const events = eventsAt(threshold);
      // A match that a lower threshold loses again, because two events have become one, still counts.
      for (const { annotation } of matchEvents(annotations, events, { collar: 1 })) {
        const event = annotations[annotation]!;
        if (open.delete(event)) changes.push({ recording, kind: "annotation", event, threshold });
      }
      for (const event of falseAlarms(annotations, events)) {
        const isKnown = alarms.some((other) =>
          event.onset < other.offset + SAME_PLACE && event.offset > other.onset - SAME_PLACE
        );
        if (isKnown) continue;
        alarms.push(event);
        changes.push({ recording, kind: "false-alarm", event, threshold });
      }
    }
    for (const event of open) {
      changes.push({ recording, kind: "annotation", event, threshold: undefined });
    }
  });
  return changes.toSorted((a, b) => (a.threshold ?? -1) - (b.threshold ?? -1));
}

/**
 * What changes side when the threshold moves from one value to another: annotations found or lost, false alarms raised
 * or silenced.
 */
export function changesBetween(changes: readonly SideChange[], from: number, to: number): SideChange[] {
  const [low, high] = [Math.min(from, to), Math.max(from, to)];
  return changes.filter(({ threshold }) => threshold !== undefined && threshold >= low && threshold < high);
}
