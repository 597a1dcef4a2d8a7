import { compareByOnset, type SoundEvent } from "lib/base/events/sound_event.ts";

/** Found events this close to an annotation, in seconds, are no false alarms: people label loosely. */
const FALSE_ALARM_MARGIN = 0.5;

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
  const spans = joinedSpans(annotations, margin);
  return found.filter((event) => {
    // Spans are in order and apart: only the last one that begins before the event ends can reach it.
    let [low, high] = [0, spans.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (spans[middle]!.start < event.offset) low = middle + 1;
      else high = middle;
    }
    return !(low > 0 && spans[low - 1]!.end > event.onset);
  });
}

/** The annotations widened by the margin, those that overlap joined, in order. */
function joinedSpans(annotations: readonly SoundEvent[], margin: number): { start: number; end: number }[] {
  const spans: { start: number; end: number }[] = [];
  for (const { onset, offset } of annotations.toSorted(compareByOnset)) {
    const last = spans.at(-1);
    if (last && onset - margin < last.end) last.end = Math.max(last.end, offset + margin);
    else spans.push({ start: onset - margin, end: offset + margin });
  }
  return spans;
}
