/** Remembers when the sound of the last minutes was here. */
export interface Arrivals {
  /** Notes that the sound up to a time of the stream, in seconds, was here at a time of `monotonicMs()`. */
  note(end: number, arrivedAtMs: number): void;
  /** When the sound at a time of the stream was here; of sound that is still to come, when the newest was. */
  of(streamTime: number): number | undefined;
}

/** Arrivals that are remembered, in seconds of the stream. */
const MEMORY_SECONDS = 120;

/** Makes an empty memory. */
export function createArrivals(): Arrivals {
  const arrivals: { readonly end: number; readonly arrivedAtMs: number }[] = [];
  return {
    note(end, arrivedAtMs) {
      arrivals.push({ end, arrivedAtMs });
      while (arrivals.length > 1 && arrivals[0]!.end < end - MEMORY_SECONDS) arrivals.shift();
    },
    of: (streamTime) => (arrivals.find(({ end }) => end >= streamTime) ?? arrivals.at(-1))?.arrivedAtMs,
  };
}
