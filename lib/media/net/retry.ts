import type { Random } from "lib/base/numbers/random.ts";

/** When and how often a request is tried again. */
export interface RetryPolicy {
  /** Number of tries in all, at least 1. */
  readonly attempts: number;
  /** Longest wait before the second try, in milliseconds; it doubles for each further try. */
  readonly baseMs: number;
  /** Longest wait before any try, in milliseconds. */
  readonly maxMs: number;
  /** Longest wait that a server may ask for; for more we give up and say so, in milliseconds. */
  readonly maxRetryAfterMs: number;
  /** Time for the answer to begin, in milliseconds. */
  readonly headersTimeoutMs: number;
  /** Longest silence within an answer, in milliseconds. */
  readonly stallTimeoutMs: number;
}

/** Patient enough for a server that restarts, quick enough for a person who waits. */
export const DEFAULT_RETRY = Object.freeze({
  attempts: 6,
  baseMs: 500,
  maxMs: 30_000,
  maxRetryAfterMs: 120_000,
  headersTimeoutMs: 15_000,
  stallTimeoutMs: 10_000,
}) satisfies RetryPolicy;

/**
 * Wait before try number `attempt` (from 1 for the first repetition), in milliseconds: exponential backoff with full
 * jitter, so that many clients do not come back in step (M. Brooker, "Exponential Backoff And Jitter", AWS, 2015).
 * A server's wish (`retryAfterMs`) is a lower bound.
 */
export function retryDelayMs(
  attempt: number,
  policy: Pick<RetryPolicy, "baseMs" | "maxMs">,
  random: Pick<Random, "next">,
  retryAfterMs = 0,
): number {
  const ceiling = Math.min(policy.maxMs, policy.baseMs * 2 ** (attempt - 1));
  return retryAfterMs + random.next() * ceiling;
}

/**
 * Reads the header `Retry-After` (RFC 9110, 10.2.3): seconds or a date.
 *
 * @returns Milliseconds from `nowMs`, at least 0; nothing where the header says neither.
 */
export function parseRetryAfterMs(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined;
  const text = header.trim();
  if (/^\d{1,9}(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const date = /^[A-Za-z]{3},/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}
