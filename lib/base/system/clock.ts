/** Where time comes from; passed in so that tests need not wait. */
export interface Clock {
  /** Wall-clock time, in milliseconds since 1970 (UTC). */
  now(): number;
  /** Milliseconds since some fixed moment; never runs backwards. */
  monotonicMs(): number;
  /**
   * Waits.
   * @throws the reason of `signal` when it aborts, without waiting any longer.
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const onAbort = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      }, ms);
      signal?.addEventListener("abort", onAbort, { once: true });
    }),
};
