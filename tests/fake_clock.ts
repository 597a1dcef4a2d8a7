import type { Clock } from "lib/base/system/clock.ts";

/** A clock that stands still until someone sleeps or calls `advance()`; sleeping takes no real time. */
export function createFakeClock(startMs = Date.UTC(2026, 0, 1)): Clock & { advance(ms: number): void } {
  let elapsedMs = 0;
  return {
    now: () => startMs + elapsedMs,
    monotonicMs: () => elapsedMs,
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      elapsedMs += ms;
      // Lets other work go on, as real sleeping does.
      await new Promise((resolve) => setTimeout(resolve, 0));
      signal?.throwIfAborted();
    },
    advance(ms) {
      elapsedMs += ms;
    },
  };
}
