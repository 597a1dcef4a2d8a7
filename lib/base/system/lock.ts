import { type Clock, systemClock } from "lib/base/system/clock.ts";

/** How {@link withLock} waits. */
interface LockOptions {
  /** How long to wait for another holder, in milliseconds; 10,000 by default. */
  readonly timeoutMs?: number;
  readonly clock?: Clock | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Thrown when a lock stays taken by another program for too long. */
export class LockTimeoutError extends Error {
  override readonly name = "LockTimeoutError";
}

const POLL_MS = 50;

/**
 * Runs `run` while no other process (nor another call in this one) holds the lock at `path`.
 *
 * The lock belongs to the open file, so the operating system frees it when its holder dies: there are no stale
 * locks. The small file stays behind, since deleting it would let two holders in.
 *
 * @throws {LockTimeoutError} when the lock is not free within `timeoutMs`.
 */
export async function withLock<T>(
  path: string,
  run: () => Promise<T> | T,
  options: LockOptions = {},
): Promise<T> {
  const { timeoutMs = 10_000, clock = systemClock, signal } = options;
  using file = await Deno.open(path, { create: true, read: true, write: true });
  const start = clock.monotonicMs();
  while (!(await file.tryLock(true))) {
    if (clock.monotonicMs() - start >= timeoutMs) {
      const holder = await readHolder(path);
      throw new LockTimeoutError(
        `Cannot lock ${path}: ${holder} has held it for over ${
          timeoutMs / 1000
        } s; wait for it to end, or end it`,
      );
    }
    await clock.sleep(POLL_MS, signal);
  }
  try {
    await file.truncate();
    await file.write(new TextEncoder().encode(`${Deno.pid}\n`));
    return await run();
  } finally {
    await file.unlock();
  }
}

async function readHolder(path: string): Promise<string> {
  // Windows refuses to read a locked file; the process number is only there to help.
  const text = await Deno.readTextFile(path).catch(() => "");
  return /^\d+\s*$/.test(text) ? `process ${text.trim()}` : "another process";
}
