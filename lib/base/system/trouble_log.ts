import type { Logger } from "lib/base/system/logger.ts";

/** Tells of trouble that goes on: each kind of it once, then nothing until it is over. */
export interface TroubleLog {
  /** Says it, unless it was said before in this trouble; then only whoever wants to hear everything hears it. */
  tell(text: string): void;
  /** All is well again: the next trouble is told anew. */
  over(): void;
}

/** Tells each kind of trouble once. Numbers in a text, such as those of segments, make it no other one. */
export function createTroubleLog(log: Pick<Logger, "info" | "debug">): TroubleLog {
  const told = new Set<string>();
  return {
    tell(text) {
      const kind = text.replaceAll(/\d+(?:\.\d+)?/g, "#");
      if (told.has(kind)) return log.debug(text);
      told.add(kind);
      log.info(text);
    },
    over: () => told.clear(),
  };
}
