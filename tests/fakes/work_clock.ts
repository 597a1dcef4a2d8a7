import { type Clock, systemClock } from "lib/base/system/clock.ts";

/**
 * A clock that stands still while real work goes on (requests, decoders), and else goes straight to the next moment that
 * somebody waits for: hours pass in minutes, and a slow machine changes no time. It goes on while nothing holds it, so that
 * whoever hangs lets it run to the end.
 */
export interface WorkClock extends Clock {
  /** Sets the wall clock forward or back, as a user or a time server does. */
  jump(ms: number): void;
  /** Stands still until the given function is called, but no longer than `longestMs` real milliseconds. */
  hold(longestMs: number): () => void;
  /** Ends all holds: what is waited for does not come on purpose. */
  releaseAll(): void;
  /** Sleeps, with all holds suspended: who holds the clock waits for this sleep. */
  sleepThroughHolds(ms: number): Promise<void>;
  /** Makes it go; ends with the signal. `isBusy` is asked whether work goes on that holds nothing. */
  run(signal: AbortSignal, isBusy?: () => boolean): Promise<void>;
}

/** After so many real milliseconds without anything to do, the next moment comes. */
const QUIET_MS = 2;
/** Work that shows no progress for so long, in real milliseconds, is waited for no more. */
const STUCK_MS = 8000;

/** Makes the clock. */
export function createWorkClock(startMs = Date.UTC(2026, 0, 1)): WorkClock {
  const sleepers = new Set<{ readonly dueMs: number; readonly wake: () => void }>();
  let suspensions = 0;
  let elapsedMs = 0;
  let jumpedMs = 0;
  const holds = new Set<() => void>();
  let touched = 0;
  const real = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
  const clock: WorkClock = {
    now: () => startMs + elapsedMs + jumpedMs,
    monotonicMs: () => elapsedMs,
    jump(ms) {
      jumpedMs += ms;
    },
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const onAbort = () => {
          sleepers.delete(sleeper);
          reject(signal?.reason);
        };
        const sleeper = {
          dueMs: elapsedMs + Math.max(0, ms),
          wake() {
            signal?.removeEventListener("abort", onAbort);
            resolve();
          },
        };
        sleepers.add(sleeper);
        touched++;
        signal?.addEventListener("abort", onAbort, { once: true });
      }),
    hold(longestMs) {
      touched++;
      const release = () => {
        clearTimeout(timer);
        if (holds.delete(release)) touched++;
      };
      const timer = setTimeout(release, longestMs);
      holds.add(release);
      return release;
    },
    releaseAll() {
      for (const release of holds) release();
    },
    async sleepThroughHolds(ms) {
      suspensions++;
      await clock.sleep(ms);
      suspensions--;
    },
    async run(signal, isBusy = () => false) {
      while (!signal.aborted) {
        const busySince = performance.now();
        for (let seen = -1; !signal.aborted;) {
          const busy = (holds.size > 0 && suspensions === 0) ||
            (isBusy() && performance.now() - busySince < STUCK_MS);
          if (!busy && seen === touched) break;
          seen = touched;
          await real(QUIET_MS);
        }
        let next: { readonly dueMs: number; readonly wake: () => void } | undefined;
        for (const sleeper of sleepers) if (!next || sleeper.dueMs < next.dueMs) next = sleeper;
        if (!next) {
          await real(QUIET_MS);
          continue;
        }
        sleepers.delete(next);
        elapsedMs = Math.max(elapsedMs, next.dueMs);
        touched++;
        next.wake();
      }
    },
  };
  return clock;
}

/** The clock of this machine, for a server whose listener is a process that cannot wait for another clock. */
export const realWorkClock: WorkClock = {
  ...systemClock,
  jump: () => {},
  hold: () => () => {},
  releaseAll: () => {},
  sleepThroughHolds: (ms) => systemClock.sleep(ms),
  run: () => Promise.resolve(),
};

/** A `fetch` during which the clock stands still, but for real answers that take longer than `longestMs`. */
export function holdingFetch(
  clock: WorkClock,
  inner: typeof fetch = fetch,
  longestMs = 10_000,
): typeof fetch {
  return async (input, init) => {
    const release = clock.hold(longestMs);
    try {
      const response = await inner(input, init);
      if (!response.body) {
        release();
        return response;
      }
      const reader = response.body.getReader();
      const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
        async pull(controller) {
          try {
            const { value, done } = await reader.read();
            if (!done) return controller.enqueue(value);
            release();
            controller.close();
          } catch (error) {
            release();
            controller.error(error);
          }
        },
        cancel(reason) {
          release();
          return reader.cancel(reason);
        },
      });
      return new Response(body, { status: response.status, headers: response.headers });
    } catch (error) {
      release();
      throw error;
    }
  };
}
