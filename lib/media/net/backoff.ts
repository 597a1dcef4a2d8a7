import type { Random } from "lib/base/numbers/random.ts";
import { retryDelayMs } from "lib/media/net/retry.ts";

/** Waits between tries: 1 to 30 s at most, drawn from 0 up, so that many listeners do not come back in step. */
const LIVE_BACKOFF = Object.freeze({
  baseMs: 1000,
  maxMs: 30_000,
  /** No try comes sooner after a failure, in milliseconds: a server that refuses at once must not be hammered. */
  minMs: 250,
  /** So much sound since the last failure forgets all failures, in seconds: the next incident is another one. */
  resetAfter: 1,
});

/** Decides how long to wait after failures that follow each other. */
interface Backoff {
  /**
   * Counts a failure and gives the wait before the next try, in milliseconds.
   *
   * @param limits `atLeastMs` is the server's wish; `atMostMs` bounds what is drawn.
   */
  failed(limits?: { readonly atLeastMs?: number | undefined; readonly atMostMs?: number }): number;
  /** Tells that so many seconds of sound came. */
  succeeded(seconds: number): void;
}

/**
 * Makes a backoff. It grows within an incident only: sound that flows ends it, and itself takes its time, so that a stream
 * that breaks with every segment is not tried more often than it sends.
 */
export function createBackoff(random: Pick<Random, "next">): Backoff {
  let failures = 0;
  let goodSeconds = 0;
  return {
    failed({ atLeastMs = 0, atMostMs = Infinity } = {}) {
      failures++;
      goodSeconds = 0;
      const maxMs = Math.min(LIVE_BACKOFF.maxMs, atMostMs);
      const waitMs = retryDelayMs(Math.min(failures, 20), { ...LIVE_BACKOFF, maxMs }, random);
      return Math.max(LIVE_BACKOFF.minMs, atLeastMs, waitMs);
    },
    succeeded(seconds) {
      goodSeconds += seconds;
      if (goodSeconds >= LIVE_BACKOFF.resetAfter) failures = 0;
    },
  };
}
