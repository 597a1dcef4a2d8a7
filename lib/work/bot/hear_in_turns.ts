import type { Hearing, TimedBlock } from "lib/learning/detect/hearing.ts";
import type { LiveItem, LiveNotice, LiveSound } from "lib/work/live/live_item.ts";

/** What is heard in a stream, and by which beginning of the detector. */
interface HeardInTurn {
  /** Number of the beginning, from 1: ids of hearings are unique within one. */
  readonly turn: number;
  readonly hearing: Hearing;
}

/** How a stream is heard in turns. */
interface TurnOptions {
  readonly hear: (blocks: AsyncIterable<TimedBlock>, threshold: number) => AsyncIterable<Hearing>;
  /** The threshold that is wanted now: another one ends a turn with the next sound. */
  readonly threshold: () => number;
  readonly onSound: (sound: LiveSound) => void;
  readonly onNotice: (notice: LiveNotice) => void;
}

/** Hears a stream to its end, with a detector that is begun anew whenever another threshold is wanted. */
export async function* hearInTurns(
  stream: AsyncIterable<LiveItem>,
  { hear, threshold, onSound, onNotice }: TurnOptions,
): AsyncGenerator<HeardInTurn, void, void> {
  const items = stream[Symbol.asyncIterator]();
  let ended = false;
  async function* soundAt(wanted: number): AsyncGenerator<LiveSound> {
    while (threshold() === wanted) {
      const next = await items.next();
      if (next.done) {
        ended = true;
        return;
      }
      if (next.value.kind === "notice") onNotice(next.value);
      else {
        onSound(next.value);
        yield next.value;
      }
    }
  }
  try {
    for (let turn = 1; !ended; turn++) {
      for await (const hearing of hear(soundAt(threshold()), threshold())) yield { turn, hearing };
    }
  } finally {
    await items.return?.();
  }
}
