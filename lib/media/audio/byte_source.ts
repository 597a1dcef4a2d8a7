/** Bytes of a file or a stream, read forwards with a look ahead. */
export interface ByteSource {
  /** Size in bytes, where it is known beforehand. */
  readonly size: number | undefined;
  /** Position of the next byte that {@linkcode ByteSource.read} gives. */
  readonly position: number;
  /** Whether {@linkcode ByteSource.seek} may go backwards. */
  readonly seekable: boolean;
  /**
   * The next bytes without consuming them: `length` of them, fewer only at the end. Valid until the next call.
   * @param length At most {@linkcode MAX_PEEK_BYTES}.
   */
  peek(length: number): Promise<Uint8Array<ArrayBuffer>>;
  /** Reads into `buffer` and gives the number of bytes: at least `minimum` of them, fewer only at the end. */
  read(buffer: Uint8Array<ArrayBuffer>, minimum: number): Promise<number>;
  /** Goes to a position; one beyond the end leaves nothing to read. */
  seek(position: number): Promise<void>;
  /** Everything that is left, as a stream that closes this source when it ends or is cancelled. */
  rest(): ReadableStream<Uint8Array<ArrayBuffer>>;
  /** Frees the file or stream; may be called twice. */
  close(): Promise<void>;
}

/** How far ahead {@linkcode ByteSource.peek} can look. */
const MAX_PEEK_BYTES = 8192;

/** What {@linkcode bufferBytes} needs to know of where bytes come from. */
interface RawBytes {
  readonly size: number | undefined;
  /** Reads at least one byte, or gives `null` at the end. */
  read(buffer: Uint8Array<ArrayBuffer>): Promise<number | null>;
  readonly seek?: (position: number) => Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a file, a named pipe or a device.
 * @param signal Ends waiting for a pipe, to which nobody may ever write.
 * @throws What `Deno.open` throws, and the signal's reason.
 */
export async function openFileBytes(path: string, signal?: AbortSignal): Promise<ByteSource> {
  const file = await orAbort(Deno.open(path, { read: true }), signal);
  try {
    const { isFile, size } = await file.stat();
    let open = true;
    return bufferBytes({
      size: isFile ? size : undefined,
      read: (buffer) => isFile ? file.read(buffer) : orAbort(file.read(buffer), signal),
      ...(isFile &&
        { seek: async (position: number) => void (await file.seek(position, Deno.SeekMode.Start)) }),
      close: () => {
        if (open) file.close();
        open = false;
        return Promise.resolve();
      },
    });
  } catch (error) {
    file.close();
    throw error;
  }
}

/** Stops waiting when the signal aborts; what was waited for goes on. */
async function orAbort<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return await work;
  const ended = Promise.withResolvers<never>();
  const onAbort = () => ended.reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([work, ended.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

/** Reads a stream; closing cancels it. A read that waits when `signal` aborts throws the signal's reason. */
export function streamBytes(stream: ReadableStream<Uint8Array>, signal?: AbortSignal): ByteSource {
  const reader = stream.getReader();
  const onAbort = () => void reader.cancel(signal?.reason).catch(() => {});
  signal?.addEventListener("abort", onAbort, { once: true });
  let chunk = new Uint8Array(0);
  let open = true;
  return bufferBytes({
    size: undefined,
    read: async (buffer) => {
      while (chunk.length === 0) {
        const { value, done } = await reader.read();
        signal?.throwIfAborted();
        if (done) return null;
        chunk = value as Uint8Array<ArrayBuffer>;
      }
      const count = Math.min(buffer.length, chunk.length);
      buffer.set(chunk.subarray(0, count));
      chunk = chunk.subarray(count);
      return count;
    },
    close: async () => {
      if (!open) return;
      open = false;
      signal?.removeEventListener("abort", onAbort);
      // The producer's failure was or will be met by whoever reads; closing has nothing to add to it.
      await reader.cancel().catch(() => {});
      reader.releaseLock();
    },
  });
}

/** Adds the look ahead to bytes from anywhere. */
export function bufferBytes(raw: RawBytes): ByteSource {
  const ahead = new Uint8Array(MAX_PEEK_BYTES);
  let from = 0; // ahead[from..to) has been read from raw, but not consumed
  let to = 0;
  let position = 0;

  async function peek(length: number): Promise<Uint8Array<ArrayBuffer>> {
    if (from + length > ahead.length) {
      ahead.copyWithin(0, from, to);
      to -= from;
      from = 0;
    }
    while (to - from < length) {
      const count = await raw.read(ahead.subarray(to));
      if (count === null || count === 0) break;
      to += count;
    }
    return ahead.subarray(from, Math.min(from + length, to));
  }

  async function read(buffer: Uint8Array<ArrayBuffer>, minimum: number): Promise<number> {
    let filled = Math.min(buffer.length, to - from);
    buffer.set(ahead.subarray(from, from + filled));
    from += filled;
    while (filled < minimum) {
      const count = await raw.read(buffer.subarray(filled));
      if (count === null || count === 0) break;
      filled += count;
    }
    position += filled;
    return filled;
  }

  async function seek(target: number): Promise<void> {
    const step = target - position;
    if (step >= 0 && step <= to - from) {
      from += step;
      position = target;
    } else if (raw.seek) {
      await raw.seek(target);
      from = to = 0;
      position = target;
    } else if (step < 0) {
      throw new RangeError(`Cannot go back from byte ${position} to ${target} of a stream`);
    } else {
      const scrap = new Uint8Array(65_536);
      while (position < target) {
        const length = Math.min(scrap.length, target - position);
        if (await read(scrap.subarray(0, length), length) < length) break;
      }
    }
  }

  function rest(): ReadableStream<Uint8Array<ArrayBuffer>> {
    return new ReadableStream({
      async pull(controller) {
        const buffer = new Uint8Array(65_536);
        const count = await read(buffer, 1);
        if (count > 0) return controller.enqueue(buffer.subarray(0, count));
        await raw.close();
        controller.close();
      },
      cancel: () => raw.close(),
    }, { highWaterMark: 0 });
  }

  return {
    size: raw.size,
    get position() {
      return position;
    },
    seekable: raw.seek !== undefined,
    peek,
    read,
    seek,
    rest,
    close: () => raw.close(),
  };
}
