import type { SnapPoints } from "lib/web/pages/api_recordings.ts";

/** Every time that a boundary may snap to: where something begins or has faded, and ends and middles of silence. */
export function snapTimes(points: SnapPoints): number[] {
  const quiet = points.quiet.flatMap(({ start, end }) => [start, (start + end) / 2, end]);
  return [...points.onsets, ...points.offsets, ...quiet].sort((a, b) => a - b);
}

/** The nearest of sorted times within `reach` seconds, or the time itself. */
export function snapTo(time: number, times: readonly number[], reach: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! < time) low = middle + 1;
    else high = middle;
  }
  const near = [times[low - 1], times[low]].filter((candidate) => candidate !== undefined)
    .sort((a, b) => Math.abs(a - time) - Math.abs(b - time))[0];
  return near !== undefined && Math.abs(near - time) <= reach ? near : time;
}
