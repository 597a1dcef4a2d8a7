import type { SoundEvent } from "lib/base/events/sound_event.ts";
import {
  addCounts,
  type DetectionCounts,
  emptyCounts,
  type LabelledFigures,
  labelledFigures,
} from "lib/base/metrics/detection_figures.ts";
import { type MatchingRules, matchWhere, timesMatch } from "lib/base/metrics/event_matching.ts";

/** Annotations and found events of one recording. */
export interface EventPair {
  readonly annotations: readonly SoundEvent[];
  readonly found: readonly SoundEvent[];
}

/**
 * Event-based figures over several recordings, as sed_eval defines them: labels must agree and times match by the
 * rules (onset collar, offset collar or share of the length), one to one, as many as possible. A found event at the
 * time of an annotation with another label is a substitution in the overall figures.
 *
 * @param options.labels The labels that there are; figures are given for each.
 */
export function eventBasedFigures(
  recordings: readonly EventPair[],
  options: MatchingRules & { labels: readonly string[] },
): LabelledFigures {
  const overall = emptyCounts();
  const byLabel = new Map(options.labels.map((label) => [label, emptyCounts()]));
  for (const { annotations, found } of recordings) {
    addCounts(overall, countEvents(annotations, found, options));
    for (const [label, counts] of byLabel) {
      const ofLabel = (event: SoundEvent) => event.label === label;
      addCounts(counts, countEvents(annotations.filter(ofLabel), found.filter(ofLabel), options));
    }
  }
  return labelledFigures(overall, byLabel);
}

function countEvents(
  annotations: readonly SoundEvent[],
  found: readonly SoundEvent[],
  rules: MatchingRules,
): DetectionCounts {
  const matches = matchWhere(
    annotations,
    found,
    (a, f) => a.label === f.label && timesMatch(a, f, rules),
    rules,
  );
  const matchedAnnotations = new Set(matches.map((match) => match.annotation));
  const matchedFound = new Set(matches.map((match) => match.found));
  const leftOver = found.filter((_, f) => !matchedFound.has(f));
  let substituted = 0;
  annotations.forEach((annotation, a) => {
    if (matchedAnnotations.has(a)) return;
    const wrong = leftOver.findIndex((event) => timesMatch(annotation, event, rules));
    if (wrong === -1) return;
    leftOver.splice(wrong, 1);
    substituted++;
  });
  return {
    annotated: annotations.length,
    found: found.length,
    matched: matches.length,
    substituted,
    deleted: annotations.length - matches.length - substituted,
    inserted: found.length - matches.length - substituted,
  };
}
