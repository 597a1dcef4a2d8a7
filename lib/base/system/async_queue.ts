/** A line of values between a part that makes them and a part that takes them; to be iterated once. */
interface AsyncQueue<T> extends AsyncIterable<T> {
  /** Values that wait. */
  readonly waiting: number;
  /** Adds a value; without effect after the end. */
  push(value: T): void;
  /** No more values come; those that wait are still given. */
  end(): void;
  /** No more values come; the taker gets those that wait, then this error. */
  fail(error: unknown): void;
  /** Resolves once at most `limit` values wait, or the taker has left. */
  drained(limit?: number): Promise<void>;
  /** Whether the taker has left or the end has been told. */
  readonly closed: boolean;
}

/** Makes a queue. */
export function createAsyncQueue<T>(): AsyncQueue<T> {
  const values: T[] = [];
  let ending: { readonly error?: unknown } | undefined;
  let left = false;
  let wakeTaker = () => {};
  let wakeMakers: (() => void)[] = [];
  const tellMakers = () => {
    const all = wakeMakers;
    wakeMakers = [];
    for (const wake of all) wake();
  };
  async function* take(): AsyncGenerator<T, void, void> {
    try {
      while (true) {
        while (values.length > 0) {
          const value = values.shift()!;
          tellMakers();
          yield value;
        }
        if (ending) {
          if ("error" in ending) throw ending.error;
          return;
        }
        await new Promise<void>((resolve) => wakeTaker = resolve);
      }
    } finally {
      left = true;
      values.length = 0;
      tellMakers();
    }
  }
  const taker = take();
  return {
    get waiting() {
      return values.length;
    },
    get closed() {
      return left || ending !== undefined;
    },
    push(value) {
      if (left || ending) return;
      values.push(value);
      wakeTaker();
    },
    end() {
      ending ??= {};
      wakeTaker();
    },
    fail(error) {
      ending ??= { error };
      wakeTaker();
    },
    async drained(limit = 0) {
      while (values.length > limit && !left) {
        await new Promise<void>((resolve) => wakeMakers.push(resolve));
      }
    },
    [Symbol.asyncIterator]: () => taker,
  };
}
