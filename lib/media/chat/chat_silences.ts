/** A stretch in which a chat says nothing, in seconds. */
interface ChatSilence {
  readonly start: number;
  readonly end: number;
}

/** Shortest stretch without a message that counts as silence, in seconds. */
export const SILENCE_SECONDS = 120;

/**
 * Collects when messages were sent, in any order and in memory that grows with the length of the stream alone, and tells
 * where there were none: nobody may have watched there, or the exporter missed a part.
 */
export function createSilenceCollector(): {
  readonly add: (time: number) => void;
  /** Stretches of {@link SILENCE_SECONDS} and more from `from` on; the last one, after the last message, has no end. */
  readonly silences: (from?: number) => ChatSilence[];
} {
  // The first and the last message of each stretch of this length; a gap as long as a silence spans at least one.
  const bin = SILENCE_SECONDS / 2;
  const bins = new Map<number, { first: number; last: number }>();
  return {
    add(time) {
      const key = Math.floor(time / bin);
      const known = bins.get(key);
      if (known === undefined) bins.set(key, { first: time, last: time });
      else {
        known.first = Math.min(known.first, time);
        known.last = Math.max(known.last, time);
      }
    },
    silences(from = 0) {
      const spoken = [...bins].sort(([a], [b]) => a - b).map(([, messages]) => messages);
      let start = from;
      const found: ChatSilence[] = [];
      for (const { first, last } of [...spoken, { first: Infinity, last: Infinity }]) {
        if (first - start >= SILENCE_SECONDS) found.push({ start, end: first });
        start = Math.max(start, last);
      }
      return found;
    },
  };
}
