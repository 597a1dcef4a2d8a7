import type { SoundEvent } from "lib/base/events/sound_event.ts";
import { framesToSeconds, type TimeGrid } from "lib/base/events/time_grid.ts";

/** How scores of one sound become events; times are in seconds. */
export interface EventOptions {
  readonly label: string;
  /** An event needs one score at or above this. */
  readonly onsetThreshold: number;
  /** It reaches as far as scores are at or above this; by default half of `onsetThreshold`. */
  readonly offsetThreshold?: number;
  /** Events with a gap of at most this between them become one. */
  readonly mergeGap?: number;
  /** Events that are shorter after that are dropped. */
  readonly minDuration?: number;
  /** Then added to both ends; events that overlap through it become one. */
  readonly pad?: number;
  /** Longer events are cut into pieces of at most this. */
  readonly maxDuration?: number | undefined;
}

/** Finds events in scores that arrive in parts. */
interface EventFinder {
  /** Takes the next scores; gives the events that no later score can change. */
  push(scores: Float32Array): SoundEvent[];
  /**
   * Gives the last events; to be called once, at the end.
   * @param end Duration of the recording, in seconds: no event ends after it.
   */
  flush(end?: number): SoundEvent[];
}

/** Scores of frames `start` to before `end`, the highest of which is `peak`. */
interface Region {
  start: number;
  end: number;
  peak: number;
}

// Gaps and durations are whole frames times the period; this absorbs the rounding of that product.
const ROUNDING = 1e-9;

/**
 * Makes an event finder: hysteresis between two thresholds, then merging, a shortest duration and padding. What
 * it finds does not depend on the parts that the scores arrive in.
 *
 * @throws {RangeError} If a threshold is not a number, or a duration is negative.
 */
export function createEventFinder(grid: TimeGrid, options: EventOptions): EventFinder {
  const { label, onsetThreshold, mergeGap = 0, minDuration = 0, pad = 0, maxDuration = Infinity } = options;
  const offsetThreshold = Math.min(options.offsetThreshold ?? onsetThreshold / 2, onsetThreshold);
  checkNumbers({ onsetThreshold, offsetThreshold });
  checkNumbers({ mergeGap, minDuration, pad, maxDuration }, 0);
  const { period } = grid;
  const maxFrames = Math.max(1, Math.floor(maxDuration / period + ROUNDING));
  let frame = 0;
  /** The stretch at or above the lower threshold that we are in. */
  let open: Region | undefined;
  /** The last one that reached the higher threshold; a later one may still be merged into it. */
  let merging: Region | undefined;
  /** The last event that was long enough, padded; the next one may still overlap it. */
  let padded: SoundEvent | undefined;
  let ready: SoundEvent[] = [];

  const finish = (region: Region): void => {
    if ((region.end - region.start) * period < minDuration - ROUNDING) return;
    const next = {
      onset: Math.max(0, framesToSeconds(region.start, grid) - pad),
      offset: framesToSeconds(region.end, grid) + pad,
      label,
      score: region.peak,
    };
    if (padded === undefined) return void (padded = next);
    const overlap = padded.offset > next.onset + ROUNDING;
    if (overlap && next.offset - padded.onset <= maxDuration + ROUNDING) {
      next.onset = padded.onset;
      next.score = Math.max(padded.score ?? 0, next.score);
    } else if (overlap) {
      next.onset = (padded.offset + next.onset) / 2;
      ready.push({ ...padded, offset: next.onset });
    } else {
      ready.push(padded);
    }
    padded = next;
  };
  const close = (region: Region): void => {
    if (region.peak < onsetThreshold) return;
    const gap = merging && (region.start - merging.end) * period;
    if (merging && gap! <= mergeGap + ROUNDING && region.end - merging.start <= maxFrames) {
      merging.end = region.end;
      merging.peak = Math.max(merging.peak, region.peak);
      return;
    }
    if (merging) finish(merging);
    merging = region;
  };
  /** Lets go of everything that an event starting at `nextStart` or later cannot change. */
  const settle = (nextStart: number): void => {
    if (merging && (nextStart - merging.end) * period > mergeGap + ROUNDING) {
      finish(merging);
      merging = undefined;
    }
    const start = merging ? merging.start : nextStart;
    if (padded && framesToSeconds(start, grid) - pad >= padded.offset - ROUNDING) {
      ready.push(padded);
      padded = undefined;
    }
  };
  const take = (): SoundEvent[] => {
    const events = ready;
    ready = [];
    return events;
  };

  return {
    push(scores) {
      for (const score of scores) {
        if (score >= offsetThreshold) {
          open ??= { start: frame, end: frame, peak: score };
          open.end = frame + 1;
          if (score > open.peak) open.peak = score;
        }
        frame++;
        if (open && (open.end < frame || open.end - open.start >= maxFrames)) {
          close(open);
          open = undefined;
        }
        if (merging || padded) settle(open ? open.start : frame);
      }
      return take();
    },
    flush(end = Infinity) {
      if (open) close(open);
      if (merging) finish(merging);
      if (padded) ready.push(padded);
      open = merging = padded = undefined;
      return take()
        .map((event) => ({ ...event, offset: Math.min(event.offset, end) }))
        .filter((event) => event.offset > event.onset);
    },
  };
}

/** Finds the events in all scores of one sound, shape [T]; the same as `createEventFinder` in one go. */
export function findEvents(
  scores: Float32Array,
  grid: TimeGrid,
  options: EventOptions & { /** Duration of the recording, in seconds. */ readonly end?: number },
): SoundEvent[] {
  const finder = createEventFinder(grid, options);
  return [...finder.push(scores), ...finder.flush(options.end)];
}

function checkNumbers(values: Readonly<Record<string, number>>, min = -Infinity): void {
  for (const [name, value] of Object.entries(values)) {
    if (!(value >= min)) {
      const wanted = min === 0 ? "must not be negative" : "must be a number";
      throw new RangeError(`Cannot find events: ${name} ${wanted}, is ${value}`);
    }
  }
}
