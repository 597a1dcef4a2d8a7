import type { Clock } from "lib/base/system/clock.ts";

/** A clock that stands still until it is told to go on. */
export interface VirtualClock extends Clock {
  /**
   * Goes on to a time of `monotonicMs()`. Whoever sleeps until then or earlier is woken in the order of the times, each
   * at its own time, and gets to finish what it does without waiting for the outside world.
   */
  advanceTo(ms: number): Promise<void>;
}

interface Sleeper {
  readonly dueMs: number;
  readonly wake: () => void;
}

/** @param startMs What `now()` says at the beginning, in milliseconds since 1970; `monotonicMs()` begins at 0. */
export function createVirtualClock(startMs: number): VirtualClock {
  const sleepers = new Set<Sleeper>();
  let elapsedMs = 0;
  // Promises that hang on each other settle before the next macrotask.
  const settle = () => new Promise<void>((resolve) => setTimeout(resolve, 0));
  const next = (untilMs: number): Sleeper | undefined => {
    let first: Sleeper | undefined;
    for (const sleeper of sleepers) {
      if (sleeper.dueMs <= untilMs && (first === undefined || sleeper.dueMs < first.dueMs)) first = sleeper;
    }
    return first;
  };
  return {
    now: () => startMs + elapsedMs,
    monotonicMs: () => elapsedMs,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const onAbort = () => {
          sleepers.delete(sleeper);
          reject(signal?.reason);
        };
        const sleeper: Sleeper = {
          dueMs: elapsedMs + Math.max(0, ms),
          wake() {
            signal?.removeEventListener("abort", onAbort);
            resolve();
          },
        };
        sleepers.add(sleeper);
        signal?.addEventListener("abort", onAbort, { once: true });
      }),
    async advanceTo(ms) {
      for (let sleeper = next(ms); sleeper; sleeper = next(ms)) {
        sleepers.delete(sleeper);
        elapsedMs = Math.max(elapsedMs, sleeper.dueMs);
        sleeper.wake();
        await settle();
      }
      elapsedMs = Math.max(elapsedMs, ms);
    },
  };
}
