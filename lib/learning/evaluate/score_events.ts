import type { SoundEvent } from "lib/base/events/sound_event.ts";
import { matchByOverlap, matchEvents } from "lib/base/metrics/event_matching.ts";
import { falseAlarms } from "lib/base/metrics/false_alarms.ts";
import { type Counts, sumCounts } from "lib/base/metrics/precision_recall.ts";
import { countSegments } from "lib/base/metrics/segment_counts.ts";

/** How found events are scored against annotations. */
export interface ScoreOptions {
  /** Onset collars, in seconds; one set of figures for each. */
  readonly collars: readonly number[];
  /** Whether offsets must match as well: within the collar, or within half of the annotation where that is more. */
  readonly offsets: boolean;
  /** Smallest intersection over union of the overlap figures, from 0 to 1. */
  readonly minOverlap: number;
  /** Length of the segments of the segment-based figures, in seconds; above 0. */
  readonly segment: number;
}

/**
 * Half a second is about as exact as people label, one second as exact as a clip or a jump in a player has to be.
 * Segments last one second in the DCASE challenges.
 */
const DEFAULT_SCORE_OPTIONS = {
  collars: [0.5, 1],
  offsets: false,
  minOverlap: 0.3,
  segment: 1,
} as const satisfies ScoreOptions;

/** Counts of one recording, or of several taken together. */
export interface EventScore {
  /** Length of what was searched, in seconds. */
  readonly duration: number;
  /** One entry for each collar, in the order of the options. */
  readonly byCollar: readonly { readonly collar: number; readonly counts: Counts }[];
  /** Whether offsets had to match for these. */
  readonly offsets: boolean;
  /** Matches by overlap. */
  readonly byOverlap: { readonly minOverlap: number; readonly counts: Counts };
  /** Segments that the annotations, the found events and both touch. */
  readonly bySegment: { readonly segment: number; readonly counts: Counts };
  /** Number of found events that touch no annotation widened by half a second. */
  readonly falseAlarms: number;
}

/**
 * Compares the found events of one recording with its annotations.
 *
 * @param options.duration Length of the recording, in seconds; above 0.
 * @throws {RangeError} If the duration or the segment length is not above 0.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { scoreEvents } from "lib/learning/evaluate/score_events.ts";
 *
 * const burp = (onset: number) => ({ onset, offset: onset + 1, label: "burp" });
 * const score = scoreEvents([burp(3.1), burp(20)], [burp(3), burp(40)], { duration: 60 });
 * assert.equal(score.falseAlarms, 1);
 * ```
 */
export function scoreEvents(
  annotations: readonly SoundEvent[],
  found: readonly SoundEvent[],
  options: Partial<ScoreOptions> & { duration: number },
): EventScore {
  const { duration, collars, offsets, minOverlap, segment } = { ...DEFAULT_SCORE_OPTIONS, ...options };
  if (!(duration > 0)) throw new RangeError(`Cannot score events: duration must be above 0, is ${duration}`);
  const sizes = { found: found.length, annotated: annotations.length };
  return {
    duration,
    byCollar: collars.map((collar) => ({
      collar,
      counts: { matched: matchEvents(annotations, found, { collar, offset: offsets }).length, ...sizes },
    })),
    offsets,
    byOverlap: {
      minOverlap,
      counts: { matched: matchByOverlap(annotations, found, minOverlap).length, ...sizes },
    },
    bySegment: { segment, counts: countSegments(annotations, found, { segment, duration }) },
    falseAlarms: falseAlarms(annotations, found).length,
  };
}

/**
 * The scores of several recordings as one: counts and durations are added up, so that a long recording weighs more.
 *
 * @throws {RangeError} If there is no score.
 */
export function sumScores(scores: readonly EventScore[]): EventScore {
  const [first] = scores;
  if (!first) throw new RangeError("Cannot add up scores: there is none");
  return {
    duration: scores.reduce((sum, score) => sum + score.duration, 0),
    byCollar: first.byCollar.map(({ collar }, index) => ({
      collar,
      counts: sumCounts(scores.map((score) => score.byCollar[index]!.counts)),
    })),
    offsets: first.offsets,
    byOverlap: {
      minOverlap: first.byOverlap.minOverlap,
      counts: sumCounts(scores.map((score) => score.byOverlap.counts)),
    },
    bySegment: {
      segment: first.bySegment.segment,
      counts: sumCounts(scores.map((score) => score.bySegment.counts)),
    },
    falseAlarms: scores.reduce((sum, score) => sum + score.falseAlarms, 0),
  };
}
