import { counted } from "lib/base/events/counted.ts";
import type { ProgressBar } from "tasks/command.ts";

/** What moves a bar. */
export interface BarFollower {
  onProgress(seconds: number, duration?: number): void;
  onEvents(events: readonly unknown[]): void;
}

/** Moves a bar, counted in seconds, as a search goes on, and says on it how many events were found so far. */
export function followSearch(bar: ProgressBar): BarFollower {
  let [found, reached] = [0, 0];
  const show = () => bar.update(reached, counted(found, "event"));
  return {
    onProgress(seconds, duration) {
      reached = seconds;
      // A recording may go on behind the length that it says of itself.
      if (duration !== undefined) bar.setTotal(Math.max(seconds, duration));
      show();
    },
    onEvents(events) {
      found += events.length;
      show();
    },
  };
}
