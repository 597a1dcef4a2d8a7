import type { SoundEvent } from "lib/base/events/sound_event.ts";

/** How overlapping slices of equal length become events. */
export interface SliceOptions {
  readonly label: string;
  /** Length of a slice, in seconds. */
  readonly sliceSeconds: number;
  /** How many slices contain each point, at least 1: a slice begins every `sliceSeconds / overlap`. */
  readonly overlap: number;
  /** A slice is positive when its score is at or above this. */
  readonly threshold: number;
  /**
   * How many consecutive slices must be positive, from 1 to `overlap`; by default 2, or 1 where slices do not overlap.
   */
  readonly required?: number;
  /**
   * Where the event is: `intersection` takes the points that all of the consecutive positive slices share, or, where
   * there are more of them than can share a point, those of which every slice is positive; `union` takes all points.
   */
  readonly locate?: "intersection" | "union";
}

/** Makes events of slice scores that arrive one by one or in parts. */
interface SliceEventFinder {
  /** Takes the scores of the next slices; gives the events that no later slice can change. */
  push(scores: Float32Array): SoundEvent[];
  /** Gives the last events; `end` is the recording's duration in seconds. */
  flush(end?: number): SoundEvent[];
}

/** Start of slice `index`, in seconds. */
export function sliceStart(index: number, { sliceSeconds, overlap }: SliceOptions): number {
  return index * sliceSeconds / overlap;
}

/**
 * Makes a finder of events in overlapping slices. Events that touch or overlap are one, so that no part of a
 * recording is found twice.
 *
 * @throws {RangeError} If an option is out of range.
 */
export function createSliceEventFinder(options: SliceOptions): SliceEventFinder {
  const { label, sliceSeconds, overlap, threshold, locate = "intersection" } = options;
  const { required = Math.min(2, overlap) } = options;
  if (!(sliceSeconds > 0)) throw new RangeError(`Slices must be longer than 0 s, are ${sliceSeconds}`);
  if (!Number.isInteger(overlap) || overlap < 1) {
    throw new RangeError(`Slices must overlap by a whole number from 1 on, is ${overlap}`);
  }
  if (!Number.isInteger(required) || required < 1 || required > overlap) {
    throw new RangeError(`Consecutive slices must be from 1 to ${overlap}, the overlap; are ${required}`);
  }
  let index = 0;
  /** Index of the first of the positive slices that we are in, and their highest score. */
  let run: { first: number; score: number } | undefined;
  let last: SoundEvent | undefined;
  const ready: SoundEvent[] = [];

  const endRun = (): void => {
    if (!run) return;
    const { first, score } = run;
    run = undefined;
    const count = index - first;
    if (count < required) return;
    // n slices in a row share what lies from the start of the last to the end of the first; over a longer run,
    // the stretches that `overlap` slices in a row share join up.
    const inset = locate === "union" ? 0 : Math.min(count, overlap) - 1;
    const onset = sliceStart(first + inset, options);
    const offset = sliceStart(index - 1 - inset, options) + sliceSeconds;
    if (last && onset <= last.offset) {
      last = { ...last, offset, score: Math.max(last.score ?? 0, score) };
    } else {
      if (last) ready.push(last);
      last = { onset, offset, label, score };
    }
  };
  const take = () => ready.splice(0);

  return {
    push(scores) {
      for (const score of scores) {
        if (score >= threshold) {
          run ??= { first: index, score };
          run.score = Math.max(run.score, score);
        } else {
          endRun();
          if (last && sliceStart(index + 1, options) > last.offset) {
            ready.push(last);
            last = undefined;
          }
        }
        index++;
      }
      return take();
    },
    flush(end = Infinity) {
      endRun();
      if (last) ready.push(last);
      last = undefined;
      return take()
        .map((event) => ({ ...event, offset: Math.min(event.offset, end) }))
        .filter((event) => event.offset > event.onset);
    },
  };
}
