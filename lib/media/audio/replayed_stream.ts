/** A stream that can be read from its beginning again, until that is settled. */
interface ReplayedStream {
  /** Begins anew; the reader before must have been left. */
  open(): ReadableStream<Uint8Array>;
  /** What was read is kept no longer, and leaving the last reader cancels the stream. */
  settle(): void;
}

/** Keeps the beginning of a stream for as long as it is not certain how it is to be read. */
export function replayStream(stream: ReadableStream<Uint8Array>): ReplayedStream {
  const reader = stream.getReader();
  const kept: Uint8Array[] = [];
  let settled = false;
  let reading: Promise<Uint8Array | undefined> | undefined;
  const readOn = async (): Promise<Uint8Array | undefined> => {
    const { value } = await reader.read();
    if (value && !settled) kept.push(value);
    reading = undefined;
    return value;
  };
  return {
    open() {
      let given = 0;
      return new ReadableStream({
        async pull(controller) {
          if (given < kept.length) return controller.enqueue(kept[given++]!);
          // Whoever was left may have asked for the next already.
          const value = await (reading ??= readOn());
          if (given < kept.length) given++;
          if (value) controller.enqueue(value);
          else controller.close();
        },
        cancel: async (reason) => void (settled && await reader.cancel(reason)),
      }, { highWaterMark: 0 });
    },
    settle() {
      settled = true;
    },
  };
}
