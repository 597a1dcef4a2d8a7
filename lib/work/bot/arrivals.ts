/** When some sound was here. */
interface Arrival {
  /** On the clock's `monotonicMs()`. */
  readonly arrivedAtMs: number;
  /** By how much later that was than the stream's sound usually is here, in milliseconds. */
  readonly lateMs: number;
}

/** Remembers when the sound of the last minutes was here. */
export interface Arrivals {
  /** Notes that sound of so many seconds, up to a time of the stream, was here at a time of `monotonicMs()`. */
  note(end: number, seconds: number, arrivedAtMs: number): void;
  /** When the sound at a time of the stream was here; of sound that is still to come, when the newest was. */
  of(streamTime: number): Arrival | undefined;
  /** Forgets what is usual: the stream's time stood still while it was off the air. */
  startAnew(): void;
}

/** Arrivals that are remembered, in seconds of the stream. */
const MEMORY_SECONDS = 120;
/**
 * What is usual grows by so much with each second in which a second of sound comes: where the stream's time has jumped, all
 * sound seems late, and the bot must not stay silent for ever. Neither an outage nor the rush after it counts.
 */
const FORGETTING = 0.1;

/** Makes an empty memory. */
export function createArrivals(): Arrivals {
  const arrivals: (Arrival & { readonly end: number })[] = [];
  /** Least time from a moment of the stream to its sound's arrival, in milliseconds, from an origin of its own. */
  let usualMs = Infinity;
  let notedMs = -Infinity;
  return {
    note(end, seconds, arrivedAtMs) {
      const delayMs = arrivedAtMs - end * 1000;
      const calmMs = Math.min(seconds * 1000, arrivedAtMs - notedMs);
      usualMs = Math.min(delayMs, usualMs + FORGETTING * calmMs);
      notedMs = arrivedAtMs;
      arrivals.push({ end, arrivedAtMs, lateMs: delayMs - usualMs });
      while (arrivals.length > 1 && arrivals[0]!.end < end - MEMORY_SECONDS) arrivals.shift();
    },
    of: (streamTime) => arrivals.find(({ end }) => end >= streamTime) ?? arrivals.at(-1),
    startAnew: () => void (usualMs = Infinity),
  };
}
