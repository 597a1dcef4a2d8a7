/** How fast answers come. */
interface Pace {
  add(timeMs: number): void;
  /** Begins with what was answered before. */
  reset(timesMs: readonly number[]): void;
  /** Answers a minute, over the last ones without breaks; undefined before there are some. */
  perMinute(): number | undefined;
}

/** Answers that are looked at. */
const RECENT = 40;
/** A longer pause is a break, in milliseconds. */
const BREAK_MS = 60_000;
const ENOUGH = 3;

/** No answers yet. */
export function createPace(): Pace {
  let times: number[] = [];
  return {
    add: (timeMs) => times = [...times, timeMs].slice(-RECENT),
    reset: (timesMs) => times = timesMs.filter(Number.isFinite).toSorted((a, b) => a - b).slice(-RECENT),
    perMinute() {
      const gaps = times.slice(1).map((time, i) => time - times[i]!).filter((gap) =>
        gap >= 0 && gap <= BREAK_MS
      );
      const sum = gaps.reduce((total, gap) => total + gap, 0);
      return gaps.length < ENOUGH || sum === 0 ? undefined : 60_000 * gaps.length / sum;
    },
  };
}
