import { createRandom } from "lib/base/numbers/random.ts";

/** A part of a recording, in seconds from its beginning. */
export interface TimeRange {
  readonly onset: number;
  readonly offset: number;
}

/** A recording that background is taken from. */
export interface BackgroundSource {
  /** What it is called in messages. */
  readonly recording: string;
  readonly path: string;
  /** In seconds. */
  readonly duration: number;
  /** Parts in which the event is, or may be. */
  readonly taken: readonly TimeRange[];
  /** Whether somebody has said of the whole recording where the event is. */
  readonly isAnnotated?: boolean | undefined;
}

/** A part that is to be read. */
export interface BackgroundPart extends TimeRange {
  readonly recording: string;
  readonly path: string;
  readonly side: "train" | "validation" | "held";
}

/** What is to be read of which recordings; by recording, in the order of time. */
export interface BackgroundPlan {
  readonly parts: readonly BackgroundPart[];
  /** Seconds that were free for each recording, in the order of the sources. */
  readonly freeSeconds: readonly number[];
}

/** How much is read. */
interface BackgroundLimits {
  /** Length of the windows to learn from, in seconds. */
  readonly windowSeconds: number;
  /** Windows to learn from at most. */
  readonly maxWindows: number;
  /** Share that measures the finished model, and how much of it at most, in seconds. */
  readonly heldShare: number;
  readonly maxHeldSeconds: number;
}

export const DEFAULT_BACKGROUND = Object.freeze(
  {
    // A crop of 2.56 s at another speed, each time from another place.
    windowSeconds: 3.2,
    maxWindows: 2400,
    heldShare: 0.3,
    maxHeldSeconds: 2400,
  } as const satisfies BackgroundLimits,
);

/** Stretches that measure are this long, in seconds: long enough that their ends hardly count. */
const HELD_SECONDS = 30;
/** Share of the windows that choose among epochs. */
const VALIDATION_SHARE = 0.1;
/** From so many recordings on, whole ones are held back. */
const WHOLE_RECORDINGS = 3;

/**
 * Chooses what to read: from three recordings on whole ones are held back, else the end of each, so that what is measured
 * was not learnt; the rest is cut into windows, of which as many as allowed are drawn at random. The same sources and seed
 * give the same plan.
 */
export function planBackground(
  sources: readonly BackgroundSource[],
  limits: BackgroundLimits & { readonly seed: string | number },
): BackgroundPlan {
  const { windowSeconds, maxWindows, heldShare, maxHeldSeconds, seed } = limits;
  const random = createRandom(`${seed}/background`);
  const free = sources.map((source) =>
    freeParts(source).filter(({ onset, offset }) => offset - onset >= windowSeconds)
  );
  const freeSeconds = free.map(lengthOf);
  const total = freeSeconds.reduce((sum, seconds) => sum + seconds, 0);
  const wanted = Math.min(maxHeldSeconds, heldShare * total);
  const heldFrom = sources.length >= WHOLE_RECORDINGS
    ? wholeRecordings(freeSeconds, wanted, random.fork("held").shuffle([...sources.keys()]))
    : free.map((parts) => endsAt(parts, heldShare));
  const held: BackgroundPart[] = [];
  const windows: Omit<BackgroundPart, "side">[] = [];
  sources.forEach(({ recording, path }, i) => {
    const border = heldFrom[i]!;
    for (const part of free[i]!) {
      for (
        const { onset, offset } of pieces({ ...part, onset: Math.max(part.onset, border) }, HELD_SECONDS)
      ) {
        if (offset - onset >= windowSeconds) held.push({ recording, path, onset, offset, side: "held" });
      }
      for (const piece of pieces({ ...part, offset: Math.min(part.offset, border) }, windowSeconds)) {
        if (piece.offset - piece.onset >= windowSeconds - 1e-9) windows.push({ recording, path, ...piece });
      }
    }
  });
  const kept = random.fork("windows").shuffle(windows).slice(0, maxWindows);
  const validation = Math.floor(VALIDATION_SHARE * kept.length);
  const parts = [
    ...within(random.fork("stretches").shuffle(held), maxHeldSeconds),
    ...kept.map((window, i): BackgroundPart => ({
      ...window,
      side: i < validation ? "validation" : "train",
    })),
  ];
  const order = new Map(sources.map(({ path }, i) => [path, i]));
  return {
    parts: parts.sort((a, b) => order.get(a.path)! - order.get(b.path)! || a.onset - b.onset),
    freeSeconds,
  };
}

/** What is left of a recording without what is taken, in the order of time. */
export function freeParts({ duration, taken }: Pick<BackgroundSource, "duration" | "taken">): TimeRange[] {
  const parts: TimeRange[] = [];
  let onset = 0;
  for (const range of taken.toSorted((a, b) => a.onset - b.onset)) {
    if (range.onset > onset) parts.push({ onset, offset: Math.min(duration, range.onset) });
    onset = Math.max(onset, range.offset);
    if (onset >= duration) break;
  }
  if (onset < duration) parts.push({ onset, offset: duration });
  return parts;
}

function lengthOf(parts: readonly TimeRange[]): number {
  return parts.reduce((sum, { onset, offset }) => sum + offset - onset, 0);
}

/** Where the last `share` of what is free begins. */
function endsAt(parts: readonly TimeRange[], share: number): number {
  let left = share * lengthOf(parts);
  for (const { onset, offset } of parts.toReversed()) {
    if (offset - onset >= left) return offset - left;
    left -= offset - onset;
  }
  return 0;
}

/** From where on each recording is held back: from its beginning, or never. */
function wholeRecordings(seconds: readonly number[], wanted: number, order: readonly number[]): number[] {
  const from = seconds.map(() => Infinity);
  let sum = 0;
  for (const [count, i] of order.entries()) {
    // One that is longer than all that is wanted is fine; but something must be left to learn from.
    if (sum >= wanted || count === order.length - 1) break;
    from[i] = 0;
    sum += seconds[i]!;
  }
  return from;
}

function* pieces({ onset, offset }: TimeRange, length: number): Generator<TimeRange> {
  for (let start = onset; start < offset; start += length) {
    yield { onset: start, offset: Math.min(offset, start + length) };
  }
}

/** The first ones that together are no longer than `seconds`. */
function within(parts: readonly BackgroundPart[], seconds: number): BackgroundPart[] {
  let sum = 0;
  return parts.filter(({ onset, offset }) => (sum += offset - onset) <= seconds);
}
