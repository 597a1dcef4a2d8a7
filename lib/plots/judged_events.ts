import type { SoundEvent } from "lib/events/sound_event.ts";

/** Found events held against annotations. The members are the very objects that were passed in. */
export interface JudgedEvents<Found extends SoundEvent = SoundEvent> {
  /** Found events that an annotation confirms. */
  readonly matched: readonly Found[];
  /** Found events without an annotation. */
  readonly falseAlarms: readonly Found[];
  /** Annotations that no found event answers. */
  readonly missed: readonly SoundEvent[];
}

/** What became of one found event; `found` where there are no annotations to hold it against. */
export type FoundKind = "found" | "matched" | "falseAlarm";

/** The kind of a found event. */
export function kindOf(event: SoundEvent, judged: JudgedEvents | undefined): FoundKind {
  if (!judged) return "found";
  return judged.falseAlarms.includes(event) ? "falseAlarm" : "matched";
}

/** Names of the kinds, for legends and badges. */
export const KIND_NAMES = {
  found: "Found",
  matched: "Found, annotated",
  falseAlarm: "False alarm",
  missed: "Missed",
} as const satisfies Record<FoundKind | "missed", string>;
