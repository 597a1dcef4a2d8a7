import type { SoundEvent } from "lib/base/events/sound_event.ts";
import { maximumMatching } from "lib/base/metrics/maximum_matching.ts";

/** An annotation and the found event that was matched to it, as indices into the two lists. */
interface EventMatch {
  readonly annotation: number;
  readonly found: number;
}

/** When an annotation and a found event count as the same event. */
export interface MatchingRules {
  /** Largest distance of the onsets, and smallest tolerance of the offsets, in seconds. */
  readonly collar: number;
  /** Whether onsets are compared; true by default. */
  readonly onset?: boolean;
  /** Whether offsets are compared; false by default. */
  readonly offset?: boolean;
  /** Offsets may differ by this share of the annotation's length where that is more than the collar; 0.5. */
  readonly offsetShare?: number;
}

/**
 * Matches annotations and found events one to one so that as many as possible match, whatever their labels.
 * A match needs onsets (and, if asked, offsets) that differ by at most the collar.
 */
export function matchEvents(
  annotations: readonly SoundEvent[],
  found: readonly SoundEvent[],
  rules: MatchingRules,
): EventMatch[] {
  return matchWhere(annotations, found, (annotation, event) => timesMatch(annotation, event, rules), rules);
}

/**
 * Matches one to one, as many as possible, among the pairs that `mayMatch` allows; ordered by annotation.
 *
 * @param rules Rules that `mayMatch` keeps; with onsets compared, only pairs within the collar are looked at.
 */
export function matchWhere(
  annotations: readonly SoundEvent[],
  found: readonly SoundEvent[],
  mayMatch: (annotation: SoundEvent, found: SoundEvent) => boolean,
  rules: MatchingRules,
): EventMatch[] {
  const near = rules.onset === false ? () => [...found.keys()] : nearOnsets(found, rules.collar);
  // Found events stand on the left, in the order of the first annotation that they may match: this is the order in
  // which reference implementations begin, and with several labels it decides which events are left over.
  const neighboursOf = new Map<number, number[]>();
  annotations.forEach((annotation, a) => {
    for (const f of near(annotation.onset)) {
      if (!mayMatch(annotation, found[f]!)) continue;
      const neighbours = neighboursOf.get(f);
      if (neighbours) neighbours.push(a);
      else neighboursOf.set(f, [a]);
    }
  });
  const order = [...neighboursOf.keys()];
  const matching = maximumMatching([...neighboursOf.values()], annotations.length);
  return [...matching].flatMap((left, annotation) =>
    left === -1 ? [] : [{ annotation, found: order[left]! }]
  );
}

/** For an onset, the indices of the events that begin within the collar of it or a hair beyond, in rising order. */
function nearOnsets(events: readonly SoundEvent[], collar: number): (onset: number) => number[] {
  const order = [...events.keys()].sort((a, b) => events[a]!.onset - events[b]!.onset);
  return (onset) => {
    // The hair is for differences that rounding makes equal to the collar.
    const from = onset - collar - 1e-6;
    let [low, high] = [0, order.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (events[order[middle]!]!.onset < from) low = middle + 1;
      else high = middle;
    }
    const near: number[] = [];
    for (let i = low; i < order.length && events[order[i]!]!.onset <= onset + collar + 1e-6; i++) {
      near.push(order[i]!);
    }
    return near.sort((a, b) => a - b);
  };
}

/** Whether the times of an annotation and a found event agree by the rules; labels are not looked at. */
export function timesMatch(annotation: SoundEvent, found: SoundEvent, rules: MatchingRules): boolean {
  const { collar, onset = true, offset = false, offsetShare = 0.5 } = rules;
  if (onset && !(Math.abs(annotation.onset - found.onset) <= collar)) return false;
  if (!offset) return true;
  const tolerance = Math.max(collar, offsetShare * (annotation.offset - annotation.onset));
  return Math.abs(annotation.offset - found.offset) <= tolerance;
}

/** Length of the intersection of two events over the length of their union; 0 where they only touch. */
function intersectionOverUnion(a: SoundEvent, b: SoundEvent): number {
  const intersection = Math.min(a.offset, b.offset) - Math.max(a.onset, b.onset);
  if (intersection <= 0) return 0;
  return intersection / (Math.max(a.offset, b.offset) - Math.min(a.onset, b.onset));
}

/**
 * Matches one to one by overlap: pairs whose intersection over union is above `minOverlap` are taken greedily, the
 * greatest overlap first.
 */
export function matchByOverlap(
  annotations: readonly SoundEvent[],
  found: readonly SoundEvent[],
  minOverlap = 0.3,
): EventMatch[] {
  const pairs = annotations.flatMap((annotation, a) =>
    found.flatMap((event, f) => {
      const overlap = intersectionOverUnion(annotation, event);
      return overlap > minOverlap ? [{ annotation: a, found: f, overlap }] : [];
    })
  );
  // Later events first where overlaps are equal; any fixed order would do.
  pairs.sort((a, b) => b.overlap - a.overlap || b.annotation - a.annotation || b.found - a.found);
  const usedAnnotations = new Set<number>();
  const usedFound = new Set<number>();
  return pairs.flatMap(({ annotation, found: f }) => {
    if (usedAnnotations.has(annotation) || usedFound.has(f)) return [];
    usedAnnotations.add(annotation);
    usedFound.add(f);
    return [{ annotation, found: f }];
  });
}
