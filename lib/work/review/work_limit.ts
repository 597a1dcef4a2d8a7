import { ReviewError } from "lib/work/review/review_error.ts";

/** Lets only some pieces of work run at once. */
export interface WorkLimit {
  /** @throws {ReviewError} `busy` if too many wait already. */
  run<T>(work: () => Promise<T>): Promise<T>;
  /** Waits until nothing runs; for work that nobody waits for. */
  idle(): Promise<void>;
}

/** @param atOnce How many run. @param waiting How many may wait. */
export function createWorkLimit(atOnce: number, waiting: number): WorkLimit {
  let running = 0;
  const queue: (() => void)[] = [];
  let waiters: (() => void)[] = [];
  return {
    idle: () => running === 0 ? Promise.resolve() : new Promise((resolve) => waiters.push(resolve)),
    async run(work) {
      if (running >= atOnce) {
        if (queue.length >= waiting) throw new ReviewError("busy", "too much is asked at once: try again");
        await new Promise<void>((resolve) => queue.push(resolve));
      } else running++;
      try {
        return await work();
      } finally {
        // The place goes over to the next one.
        const next = queue.shift();
        if (next) next();
        else running--;
        if (running === 0) {
          for (const resolve of waiters) resolve();
          waiters = [];
        }
      }
    },
  };
}
