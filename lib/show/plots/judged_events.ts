import type { SoundEvent } from "lib/base/events/sound_event.ts";
import { falseAlarms } from "lib/base/metrics/false_alarms.ts";

/** What became of a found event; `found` where there are no annotations to hold it against. */
export type FoundKind = "found" | "matched" | "falseAlarm";

/** Found events held against annotations. The members are the very objects that were passed in. */
export interface JudgedEvents {
  readonly kindOf: (event: SoundEvent) => FoundKind;
  readonly falseAlarms: readonly SoundEvent[];
  /** Annotations that no found event touches. */
  readonly missed: readonly SoundEvent[];
}

/**
 * Tells matches, false alarms and misses apart for people to look at: what touches on the other side, widened by half
 * a second, is no mistake. Figures of merit count one to one and with collars; they belong to the evaluation.
 */
export function judgeEvents(
  events: readonly SoundEvent[],
  annotations: readonly SoundEvent[] | undefined,
): JudgedEvents {
  if (!annotations) return { kindOf: () => "found", falseAlarms: [], missed: [] };
  const wrong = new Set(falseAlarms(annotations, events));
  return {
    kindOf: (event) => wrong.has(event) ? "falseAlarm" : "matched",
    falseAlarms: [...wrong],
    // The same rule with the sides changed: an annotation that no found event touches.
    missed: falseAlarms(events, annotations),
  };
}

/** Names of the kinds, for legends and badges. */
export const KIND_NAMES = {
  found: "Found",
  matched: "Found, annotated",
  falseAlarm: "False alarm",
  missed: "Missed",
} as const satisfies Record<FoundKind | "missed", string>;
