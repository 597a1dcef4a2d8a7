import type { SoundEvent } from "lib/base/events/sound_event.ts";
import type { Counts } from "lib/base/metrics/precision_recall.ts";

/** How time is cut, in seconds: {@link countSegments}. */
export interface SegmentRules {
  /** Length of a segment; above 0. */
  readonly segment: number;
  /** Length of the recording. */
  readonly duration: number;
}

/**
 * Number of segments of a recording: the last one may be shorter.
 * @throws {RangeError} If the segment length is not above 0.
 */
export function segmentCount({ segment, duration }: SegmentRules): number {
  if (!(segment > 0)) throw new RangeError(`Cannot cut segments: the length must be above 0, is ${segment}`);
  return Math.ceil(duration / segment);
}

/** 1 for each segment that an event touches, shape [segments]; what lies beyond the last one counts nowhere. */
export function activeSegments(events: readonly SoundEvent[], rules: SegmentRules): Uint8Array {
  const active = new Uint8Array(segmentCount(rules));
  for (const { onset, offset } of events) {
    active.fill(1, Math.floor(onset / rules.segment), Math.ceil(offset / rules.segment));
  }
  return active;
}

/** In how many segments something is annotated, found, and both, whatever the labels. */
export function countSegments(
  annotations: readonly SoundEvent[],
  found: readonly SoundEvent[],
  rules: SegmentRules,
): Counts {
  const annotated = activeSegments(annotations, rules);
  const detected = activeSegments(found, rules);
  const sum = (active: Uint8Array) => active.reduce((count, one) => count + one, 0);
  return {
    annotated: sum(annotated),
    found: sum(detected),
    matched: sum(annotated.map((one, s) => one & detected[s]!)),
  };
}
