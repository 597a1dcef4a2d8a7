/** How a file is downloaded. */
interface DownloadOptions {
  readonly signal: AbortSignal;
  /** Told how many bytes are there, and how many there will be where the server says so. */
  readonly onProgress?: ((bytes: number, total: number | undefined) => void) | undefined;
  /** Milliseconds without a byte after which the server counts as gone; half a minute by default. */
  readonly stallMs?: number | undefined;
}

// A connection that breaks off more often than this is down.
const ATTEMPTS = 4;
const MOST_BYTES = 256 * 1024 * 1024;

/**
 * Downloads a file. What came is kept in `path`, so that another attempt, now or after a restart, goes on from there; the
 * caller checks what it is.
 *
 * @throws {Error} If the server cannot be reached, answers with an error, or breaks off again and again.
 */
export async function downloadResumably(url: string, path: string, options: DownloadOptions): Promise<void> {
  for (let attempt = 1;; attempt++) {
    const before = await sizeOf(path);
    try {
      return await downloadRest(url, path, options);
    } catch (error) {
      options.signal.throwIfAborted();
      const hasGrown = await sizeOf(path) > before;
      if (error instanceof FinalError || attempt >= ATTEMPTS || !hasGrown) throw error;
    }
  }
}

/** What another attempt would meet again. */
class FinalError extends Error {}

async function downloadRest(
  url: string,
  path: string,
  { signal, onProgress, stallMs = 30_000 }: DownloadOptions,
): Promise<void> {
  const start = await sizeOf(path);
  const stalled = new AbortController();
  const stop = AbortSignal.any([signal, stalled.signal]);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => stalled.abort(new Error(`${url} sends nothing any more`)), stallMs);
  };
  wait();
  try {
    const headers: Record<string, string> = start > 0 ? { range: `bytes=${start}-` } : {};
    const response = await fetch(url, { signal: stop, headers }).catch((cause) => {
      stop.throwIfAborted();
      throw new FinalError(`${url} cannot be reached`, { cause });
    });
    // There is nothing after what we have: it is whole, or another file.
    if (response.status === 416) return await response.body?.cancel();
    if (!response.ok || !response.body) {
      await response.body?.cancel();
      throw new FinalError(`${url} answered ${response.status}`);
    }
    const isRest = response.status === 206 &&
      (response.headers.get("content-range") ?? "").startsWith(`bytes ${start}-`);
    let at = isRest ? start : 0;
    const length = Number(response.headers.get("content-length") ?? NaN);
    const total = Number.isFinite(length) ? at + length : undefined;
    using file = await Deno.open(path, { create: true, write: true, truncate: !isRest, append: false });
    await file.seek(at, Deno.SeekMode.Start);
    const reader = response.body.getReader();
    const ended = new Promise<never>((_, reject) => {
      if (stop.aborted) reject(stop.reason);
      stop.addEventListener("abort", () => reject(stop.reason), { once: true });
    });
    ended.catch(() => {});
    try {
      for (;;) {
        const { done, value } = await Promise.race([reader.read(), ended]);
        if (done) break;
        wait();
        if (at + value.length > MOST_BYTES) throw new FinalError(`${url} is larger than it can be`);
        for (let written = 0; written < value.length;) written += await file.write(value.subarray(written));
        at += value.length;
        onProgress?.(at, total);
      }
    } finally {
      await reader.cancel().catch(() => {});
    }
    if (total !== undefined && at < total) throw new Error(`${url} broke off after ${at} of ${total} bytes`);
  } finally {
    clearTimeout(timer);
  }
}

function sizeOf(path: string): Promise<number> {
  return Deno.stat(path).then(({ size }) => size, () => 0);
}
