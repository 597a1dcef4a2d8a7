import type { ChatLine } from "lib/media/chat/chat_room.ts";

/** What the broadcaster or a moderator tells the bot to do. */
export type ChatOrder =
  | { readonly kind: "start" | "stop" | "hello" | "count" | "wrong" }
  /** Without a value, the threshold is only told. */
  | { readonly kind: "threshold"; readonly value?: number }
  /** A value that is none. */
  | { readonly kind: "bad threshold" };

/** Lowest threshold that can be ordered: below, everything is an event. */
const LOWEST_THRESHOLD = 0.05;

/**
 * Reads an order: `?bcstart`, `?bcstop`, `?hello`, `?burps` (the event and an s), `?threshold 0.8`, `?wrong`. Of anybody but
 * the broadcaster and moderators there are none.
 */
export function readOrder(
  line: Pick<ChatLine, "text" | "isBroadcaster" | "isModerator">,
  event: string,
): ChatOrder | undefined {
  if (!line.isBroadcaster && !line.isModerator) return undefined;
  const [word = "", value] = line.text.trim().toLowerCase().split(/\s+/);
  if (word === `?${event.toLowerCase().replaceAll(/\s+/g, "")}s`) return { kind: "count" };
  switch (word) {
    case "?bcstart":
      return { kind: "start" };
    case "?bcstop":
      return { kind: "stop" };
    case "?hello":
      return { kind: "hello" };
    case "?wrong":
      return { kind: "wrong" };
    case "?threshold": {
      if (value === undefined) return { kind: "threshold" };
      const number = Number(value.replace(",", "."));
      const isGood = number >= LOWEST_THRESHOLD && number <= 1;
      return isGood ? { kind: "threshold", value: number } : { kind: "bad threshold" };
    }
    default:
      return undefined;
  }
}
