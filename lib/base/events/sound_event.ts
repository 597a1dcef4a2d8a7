/** A stretch of a recording in which one sound was heard, annotated by a person or found by a detector. */
export interface SoundEvent {
  /** Start, in seconds from the beginning of the source recording. */
  readonly onset: number;
  /** End, in seconds from the beginning of the source recording; never before `onset`. */
  readonly offset: number;
  /** Name of the sound, such as `burp`. */
  readonly label: string;
  /** Highest frame score inside the event, from 0 to 1; absent from annotations. */
  readonly score?: number;
}

/** A found event together with where it was found; one row of the event files. */
export interface FoundEvent extends SoundEvent {
  /** Path, VOD id or URL of the recording. */
  readonly recording: string;
  readonly score: number;
  /** How likely it is right, from 0 to 1, where the model knows from reviewed events what its scores are worth. */
  readonly probability?: number;
  /** Path of the clip cut for this event, if one was cut. */
  readonly clip?: string;
  /** Link that opens the recording at the event, for recordings that have an address. */
  readonly url?: string;
}

/**
 * An event as it is read from or written to a file: where it was found is known for some formats and sources only.
 * Every {@link FoundEvent} is one.
 */
export interface EventRow extends SoundEvent {
  /** Path, VOD id or URL of the recording. */
  readonly recording?: string;
  /** How likely it is right, from 0 to 1. */
  readonly probability?: number;
  /** Path of the clip cut for this event. */
  readonly clip?: string;
  /** Link that opens the recording at the event. */
  readonly url?: string;
}

/** Length of an event, in seconds. */
export function eventDuration(event: SoundEvent): number {
  return event.offset - event.onset;
}

/**
 * Order by onset, then by offset; for `Array.prototype.toSorted`.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { compareByOnset } from "lib/base/events/sound_event.ts";
 *
 * const late = { onset: 9.2, offset: 9.8, label: "burp" };
 * const early = { onset: 3.1, offset: 3.9, label: "burp" };
 * assert.deepEqual([late, early].toSorted(compareByOnset), [early, late]);
 * ```
 */
export function compareByOnset(a: SoundEvent, b: SoundEvent): number {
  return a.onset - b.onset || a.offset - b.offset;
}
