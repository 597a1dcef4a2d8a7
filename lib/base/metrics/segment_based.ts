import type { SoundEvent } from "lib/base/events/sound_event.ts";
import { emptyCounts, type LabelledFigures, labelledFigures } from "lib/base/metrics/detection_figures.ts";
import type { EventPair } from "lib/base/metrics/event_based.ts";
import { activeSegments, segmentCount, type SegmentRules } from "lib/base/metrics/segment_counts.ts";

/** Shares of segments that were judged right, from 0 to 1. */
interface SegmentAccuracy {
  /** Active segments that were found. */
  readonly sensitivity: number;
  /** Silent segments that were left alone. */
  readonly specificity: number;
  /** Mean of sensitivity and specificity. */
  readonly balancedAccuracy: number;
  readonly accuracy: number;
}

/** Figures of {@link segmentBasedFigures}. */
interface SegmentFigures extends LabelledFigures {
  readonly accuracy: SegmentAccuracy;
}

/**
 * Segment-based figures over several recordings, as sed_eval defines them: time is cut into segments, and a label is
 * active in every segment that one of its events touches.
 *
 * @param options.labels The labels that there are.
 * @param options.segment Length of a segment, in seconds; above 0; 1 by default.
 * @param options.duration What was searched of each recording, in seconds; by default it ends with the last event.
 * @throws {RangeError} If an event has a label that is not listed, or the segment length is not above 0.
 */
export function segmentBasedFigures(
  recordings: readonly EventPair[],
  options: { labels: readonly string[]; segment?: number; duration?: number | undefined },
): SegmentFigures {
  const { labels, segment = 1, duration } = options;
  const overall = emptyCounts();
  const byLabel = new Map(labels.map((label) => [label, emptyCounts()]));
  let silent = 0;
  for (const { annotations, found } of recordings) {
    const end = duration ??
      [...annotations, ...found].reduce((last, event) => Math.max(last, event.offset), 0);
    const rules = { segment, duration: end };
    const annotated = activeByLabel(annotations, labels, rules);
    const detected = activeByLabel(found, labels, rules);
    for (let s = 0; s < segmentCount(rules); s++) {
      let inAnnotations = 0;
      let inFound = 0;
      let inBoth = 0;
      labels.forEach((label, k) => {
        const counts = byLabel.get(label)!;
        const a = annotated[k]![s]!;
        const f = detected[k]![s]!;
        counts.annotated += a;
        counts.found += f;
        counts.matched += a & f;
        counts.deleted += a & ~f;
        counts.inserted += f & ~a;
        silent += 1 - (a | f);
        inAnnotations += a;
        inFound += f;
        inBoth += a & f;
      });
      overall.annotated += inAnnotations;
      overall.found += inFound;
      overall.matched += inBoth;
      overall.substituted += Math.min(inAnnotations, inFound) - inBoth;
      overall.deleted += Math.max(0, inAnnotations - inFound);
      overall.inserted += Math.max(0, inFound - inAnnotations);
    }
  }
  const missed = overall.annotated - overall.matched;
  const invented = overall.found - overall.matched;
  const sensitivity = overall.matched / (overall.annotated + Number.EPSILON);
  const specificity = silent / (silent + invented + Number.EPSILON);
  const accuracy = (overall.matched + silent) /
    (overall.matched + silent + missed + invented + Number.EPSILON);
  return {
    ...labelledFigures(overall, byLabel),
    accuracy: { sensitivity, specificity, balancedAccuracy: (sensitivity + specificity) / 2, accuracy },
  };
}

/** 1 where a label is active: for each label, shape [segments]. */
function activeByLabel(
  events: readonly SoundEvent[],
  labels: readonly string[],
  rules: SegmentRules,
): Uint8Array[] {
  const stranger = events.find(({ label }) => !labels.includes(label));
  if (stranger) {
    throw new RangeError(`Cannot score segments: the label "${stranger.label}" is not listed`);
  }
  return labels.map((label) => activeSegments(events.filter((event) => event.label === label), rules));
}
