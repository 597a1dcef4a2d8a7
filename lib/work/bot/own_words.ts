import type { Clock } from "lib/base/system/clock.ts";

/** Tells what the bot said from what a person says who shares its account. */
interface OwnWords {
  /** Notes what the bot says. */
  add(text: string): void;
  /** Whether a message of the bot's account is the bot's own; each of its messages comes back once at most. */
  isEcho(text: string): boolean;
}

/** A message that was sent by another way than the one that we read by comes back within moments. */
const ECHO_MS = 60_000;

/** Makes a memory of the last minute's own messages. */
export function createOwnWords(clock: Pick<Clock, "monotonicMs">): OwnWords {
  let said: { readonly text: string; readonly atMs: number }[] = [];
  return {
    add(text) {
      const atMs = clock.monotonicMs();
      said = [...said.filter((other) => atMs - other.atMs < ECHO_MS), { text, atMs }];
    },
    isEcho(text) {
      const nowMs = clock.monotonicMs();
      const index = said.findIndex((own) => own.text === text && nowMs - own.atMs < ECHO_MS);
      if (index >= 0) said.splice(index, 1);
      return index >= 0;
    },
  };
}
