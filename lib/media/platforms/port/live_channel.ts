import type { Random } from "lib/base/numbers/random.ts";
import type { Clock } from "lib/base/system/clock.ts";
import type { Logger } from "lib/base/system/logger.ts";
import type { LiveChat } from "lib/media/chat/chat_room.ts";
import type { LiveAccess } from "lib/media/hls/playback_source.ts";

/** Ways to media: a platform's own, and programs that may be installed. */
export const ACCESS_NAMES = ["built-in", "streamlink", "yt-dlp"] as const;

/** How a platform is reached. */
export interface ReachOptions {
  /** Of a person who may see more than everybody. Never printed. */
  readonly token: string | undefined;
  readonly access: (typeof ACCESS_NAMES)[number];
  readonly log: Logger;
}

/** The account that a bot was given; a platform takes what it knows, and asks for what it lacks. */
export interface BotAccount {
  readonly botToken?: string | undefined;
  readonly botRefreshToken?: string | undefined;
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
  /** The way to send: the chat itself, or the platform's official API. */
  readonly sender: "chat" | "helix";
}

/** What opening a chat needs. */
export interface ChatOptions {
  /** Without one the chat is only read, and what would be said is only told. */
  readonly account: BotAccount | undefined;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** Told of every secret before it is used. */
  readonly onSecret: (secret: string) => void;
  readonly signal: AbortSignal;
}

/** A channel that is reached while it is live. */
export interface LiveChannel {
  readonly access: LiveAccess;
  /**
   * Gets everything ready for its chat.
   * @throws {MissingAccountError} for an account that lacks what the platform needs; {RequestError} for one that it refuses.
   */
  openChat(options: ChatOptions): Promise<LiveChat>;
}

/** An account lacks what speaking on a platform needs; the message says what. */
export class MissingAccountError extends Error {
  override readonly name = "MissingAccountError";
}
