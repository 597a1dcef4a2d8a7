import type { Clock } from "lib/system/clock.ts";
import type { Random } from "lib/system/random.ts";
import { retryDelayMs } from "lib/twitch/retry.ts";

/** Waits between tries: 1 to 30 s at most, drawn from 0 up, so that many listeners do not come back in step. */
export const LIVE_BACKOFF = Object.freeze({
  baseMs: 1000,
  maxMs: 30_000,
  /** No try comes sooner after a failure, in milliseconds: a server that refuses at once must not be hammered. */
  minMs: 250,
  /** Good sound for so long forgets all failures, in milliseconds. */
  resetAfterMs: 30_000,
});

/** Decides how long to wait after failures that follow each other. */
export interface Backoff {
  /** Counts a failure and gives the wait before the next try, in milliseconds; `atLeastMs` is the server's wish. */
  failed(atLeastMs?: number): number;
  /** Tells that sound came. */
  succeeded(): void;
}

/** Makes a backoff. One good segment does not reset it: a stream that breaks each second must not be tried each second. */
export function createBackoff(clock: Clock, random: Pick<Random, "next">): Backoff {
  let failures = 0;
  let goodSinceMs: number | undefined;
  return {
    failed(atLeastMs = 0) {
      failures++;
      goodSinceMs = undefined;
      const waitMs = retryDelayMs(Math.min(failures, 20), LIVE_BACKOFF, random);
      return Math.max(LIVE_BACKOFF.minMs, atLeastMs, waitMs);
    },
    succeeded() {
      goodSinceMs ??= clock.monotonicMs();
      if (clock.monotonicMs() - goodSinceMs >= LIVE_BACKOFF.resetAfterMs) failures = 0;
    },
  };
}
