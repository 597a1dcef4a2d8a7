import type { SoundEvent } from "lib/base/events/sound_event.ts";
import { secondsToFrame, type TimeGrid } from "lib/base/events/time_grid.ts";

/** What a search went by. */
interface SearchFacts {
  /** Frame scores from 0 to 1, shape [T]; NaN where nothing was scored. */
  readonly scores: Float32Array;
  readonly grid: TimeGrid;
  readonly threshold: number;
  /** Shortest event and length of the smoothing, in seconds, where they are known. */
  readonly shortest?: { readonly event: number; readonly smoothing: number } | undefined;
}

/** A sentence on why an annotated event was not found, as far as its frame scores tell. */
export function whyMissed(
  { onset, offset }: SoundEvent,
  { scores, grid, threshold, shortest }: SearchFacts,
): string {
  let [highest, run, longest] = [-1, 0, 0];
  const last = Math.min(scores.length - 1, secondsToFrame(offset, grid));
  for (let t = Math.max(0, secondsToFrame(onset, grid)); t <= last; t++) {
    const score = scores[t]!;
    if (score > highest) highest = score;
    run = score >= threshold ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  if (highest < 0) return "Nothing was scored here.";
  if (highest < threshold) {
    return `Its score is at most ${highest.toFixed(2)}, below the threshold of ${threshold.toFixed(2)}.`;
  }
  const seconds = (longest * grid.period).toFixed(2);
  const rule = shortest
    ? ` Scores are smoothed over ${shortest.smoothing} s, and an event lasts at least ${shortest.event} s.`
    : "";
  return `Its score reaches ${highest.toFixed(2)}, above the threshold of ${
    threshold.toFixed(2)
  }, but stays there for ` +
    `${seconds} s only: too short.${rule}`;
}
