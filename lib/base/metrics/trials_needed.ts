import { shareInterval } from "lib/base/metrics/intervals.ts";

/** More than this, nobody will review. */
const MOST = 1_000_000;

/**
 * How many more trials it takes until the exact interval of a share reaches no farther than `halfWidth` to each side on
 * average, if the share stays about what it is; 0 where it is that narrow already.
 *
 * @param successes From 0 to `trials`.
 * @param options.halfWidth Half the length of the interval, such as 0.05 for ±5 %.
 * @throws {RangeError} If the counts cannot be, or the width is not between 0 and 0.5.
 */
export function trialsNeeded(
  successes: number,
  trials: number,
  { halfWidth = 0.05, confidence = 0.95 }: { readonly halfWidth?: number; readonly confidence?: number } = {},
): number {
  if (!(halfWidth > 0 && halfWidth < 0.5)) {
    throw new RangeError(`Cannot plan reviews: half the width must be between 0 and 0.5, is ${halfWidth}`);
  }
  const isEnough = (interval: { lower: number; upper: number }) =>
    interval.upper - interval.lower <= 2 * halfWidth;
  if (isEnough(shareInterval(successes, trials, confidence))) return 0;
  // All right so far does not promise that all will be: one half is added to each side.
  const share = (successes + 0.5) / (trials + 1);
  const after = (more: number) =>
    isEnough(
      shareInterval(Math.min(trials + more, Math.round(successes + share * more)), trials + more, confidence),
    );
  let [low, high] = [0, 1];
  while (!after(high) && high < MOST) [low, high] = [high, 2 * high];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (after(middle)) high = middle;
    else low = middle;
  }
  return high;
}
