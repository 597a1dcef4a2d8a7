import tmi from "tmi.js";
import type { Clock } from "lib/base/system/clock.ts";
import { errorMessage } from "lib/base/system/error_message.ts";
import type { Logger } from "lib/base/system/logger.ts";
import { BOT_BADGE } from "lib/media/chat/bots.ts";
import type { ChatLine, Delivery, RoomListener } from "lib/media/chat/chat_room.ts";

/** Account by which a chat is joined; without one it can only be read. */
export interface ChatIdentity {
  readonly login: string;
  /** The access token that holds now; asked for at each login. */
  readonly token: () => string;
}

/** What a connection to a chat needs. */
interface IrcConnectionOptions {
  readonly channel: string;
  readonly identity?: ChatIdentity | undefined;
  /** Address of the server, as {@linkcode ircServer} takes it. */
  readonly url: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly listener: Pick<RoomListener, "onLine" | "onModerator" | "onNotice">;
  /** Called once, when the channel is joined. */
  readonly onJoined: () => void;
  readonly signal: AbortSignal;
}

/** Why a connection ended. */
export interface ConnectionEnd {
  readonly kind: "lost" | "asked" | "silent" | "refused" | "login" | "closed";
  /** In words. */
  readonly reason: string;
}

/** One connection, from login to its end; a lost one is never used again. */
export interface IrcConnection {
  /** Never rejects. */
  readonly ended: Promise<ConnectionEnd>;
  say(text: string): Promise<Delivery>;
}

/** Silence after which the server is asked for a sign of life, and after which it counts as gone. */
const WATCH = Object.freeze({
  askAfterMs: 15_000,
  goneAfterMs: 30_000,
  joinWithinMs: 10_000,
  lookMs: 1_000,
});

/** Twitch ignores for so long who was too fast. */
const NOTICE_HOLDS_MS: Readonly<Record<string, number>> = {
  msg_ratelimit: 30 * 60_000,
  msg_timedout: 10 * 60_000,
  msg_banned: 60 * 60_000,
  msg_channel_suspended: 60 * 60_000,
};

interface RawMessage {
  readonly command: string;
  readonly prefix: string | null;
  readonly params: readonly string[];
  readonly tags: Readonly<Record<string, unknown>>;
}

const LOGIN_FAILURE =
  /login (unsuccessful|authentication failed)|error logging in|improperly formatted auth|invalid nick/i;

/**
 * Host, port and security out of an address.
 * @throws {TypeError} for what tmi.js cannot reach: a path, or a secure server on another port than 443.
 */
export function ircServer(url: string): { server: string; port: number; secure: boolean } {
  const { hostname, port, protocol, pathname } = new URL(url);
  const secure = protocol === "wss:";
  if (pathname !== "/" || (secure && port !== "" && port !== "443")) {
    throw new TypeError(`TWITCH_IRC_URL must be ws://host:port, or wss://host on port 443, without a path`);
  }
  return { server: hostname, port: port === "" ? (secure ? 443 : 80) : Number(port), secure };
}

/**
 * Connects once. tmi.js would connect again by itself, upon some ends twice; so each of its clients lives for one
 * connection, and its own reconnecting is switched off.
 */
export function openIrcConnection(options: IrcConnectionOptions): IrcConnection {
  const { channel, identity, clock, log, listener, signal } = options;
  const client = new tmi.Client({
    connection: { ...ircServer(options.url), reconnect: false },
    options: { skipMembership: true, skipUpdatingEmotesets: true },
    channels: [channel],
    logger: {
      info: () => {},
      warn: (text: string) => log.debug(`chat: ${text}`),
      error: (text: string) => log.debug(`chat: ${text}`),
    },
    ...(identity && { identity: { username: identity.login, password: () => `oauth:${identity.token()}` } }),
  });
  const ended = Promise.withResolvers<ConnectionEnd>();
  const done = new AbortController();
  let [joined, heardMs, askedMs] = [false, clock.monotonicMs(), -Infinity];
  const end = (kind: ConnectionEnd["kind"], reason: string) => {
    if (done.signal.aborted) return;
    done.abort();
    signal.removeEventListener("abort", onAbort);
    client.removeAllListeners();
    // Closes the socket, where there is one; one whose other end is gone goes with the operating system's patience.
    client.disconnect().catch(() => {});
    ended.resolve({ kind, reason });
  };
  const onAbort = () => end("closed", "the chat is left");
  signal.addEventListener("abort", onAbort, { once: true });

  client.on("raw_message", (_, parsed) => {
    const message = parsed as RawMessage; // as tmi.js makes them, before it looks at the tags
    heardMs = clock.monotonicMs();
    const text = message.params.at(-1) ?? "";
    if (message.command === "RECONNECT") return end("asked", "the server asks to connect anew");
    if (message.command === "NOTICE" && LOGIN_FAILURE.test(text)) return end("login", text);
    if (message.command === "USERSTATE") listener.onModerator(isModerator(message.tags));
    if (message.command === "NOTICE") {
      listener.onNotice({ from: "Twitch", text, holdMs: NOTICE_HOLDS_MS[tagText(message.tags["msg-id"])] });
    }
    if (!joined && message.command === "ROOMSTATE") {
      joined = true;
      options.onJoined();
    }
  });
  client.on("message", (_: string, user: tmi.ChatUserstate, text: string, self: boolean) => {
    if (!self) listener.onLine(lineOf(user, text, clock.now()));
  });
  client.on(
    "disconnected",
    (reason: string) => end(joined ? "lost" : "refused", reason || "the connection broke"),
  );
  client.connect().catch(() => {}); // its end is told by the events above
  // Upon RECONNECT tmi.js would also connect by itself.
  client.connect = () => Promise.resolve(["", 0]);

  void watch();
  /** Notices a connection whose other end is gone without a word. */
  async function watch(): Promise<void> {
    while (!done.signal.aborted) {
      await clock.sleep(WATCH.lookMs, done.signal).catch(() => {});
      const silentMs = clock.monotonicMs() - heardMs;
      if (!joined && silentMs >= WATCH.joinWithinMs) end("silent", "the chat cannot be joined");
      if (silentMs >= WATCH.goneAfterMs) {
        end("silent", `nothing was heard for ${Math.round(silentMs / 1000)} s`);
      }
      if (silentMs < WATCH.askAfterMs || clock.monotonicMs() - askedMs < 5 * WATCH.lookMs) continue;
      askedMs = clock.monotonicMs();
      client.raw("PING").catch(() => {});
    }
  }

  return {
    ended: ended.promise,
    async say(text) {
      if (!joined || done.signal.aborted) return { kind: "unsent", reason: "the chat is not connected" };
      if (!identity) return { kind: "refused", reason: "no account is logged in" };
      try {
        await client.say(channel, text);
        return { kind: "sent" };
      } catch (error) {
        // tmi.js says so before it has handed over anything.
        return { kind: "unsent", reason: errorMessage(error) };
      }
    },
  };
}

function lineOf(user: tmi.ChatUserstate, text: string, arrivedMs: number): ChatLine {
  const sentMs = Number(user["tmi-sent-ts"]);
  const isBroadcaster = user.badges?.broadcaster !== undefined;
  return {
    arrivedMs,
    ...(sentMs > 0 ? { sentMs } : {}),
    login: (user.username ?? user["display-name"] ?? "").toLowerCase(),
    text,
    isBroadcaster,
    isModerator: user.mod === true || user.badges?.moderator !== undefined,
    isBot: user.badges?.[BOT_BADGE] !== undefined,
  };
}

/** Of the tags of the bot's own account, which come before tmi.js has made objects of them. */
function isModerator(tags: RawMessage["tags"]): boolean {
  return tagText(tags["mod"]) === "1" || /(^|,)(moderator|broadcaster)\//.test(tagText(tags["badges"]));
}

function tagText(tag: unknown): string {
  return typeof tag === "string" ? tag : "";
}
