import type { Random } from "lib/base/numbers/random.ts";
import type { Clock } from "lib/base/system/clock.ts";
import type { Logger } from "lib/base/system/logger.ts";
import type { SecretSet } from "lib/base/system/secrets.ts";
import { createHttpClient, type HttpClient } from "lib/media/net/http_client.ts";
import { readEndpoints } from "lib/media/platforms/twitch/endpoints.ts";
import {
  type ChatRoom,
  type ChatSender,
  createDryRunSender,
  createRoomSender,
  type RoomListener,
} from "lib/work/bot/chat_room.ts";
import { createHelixSender } from "lib/work/bot/helix_sender.ts";
import { joinIrcRoom } from "lib/work/bot/irc_room.ts";
import { keepTrying } from "lib/work/bot/keep_trying.ts";
import { openTokenKeeper, type TokenKeeper } from "lib/work/bot/token_keeper.ts";
import { createTroubleLog } from "lib/work/bot/trouble_log.ts";
import { UsageError } from "tasks/command.ts";

/** How a bot chats. */
interface ChatSide {
  readonly keeper: TokenKeeper | undefined;
  readonly ownLogin: string | undefined;
  join(listener: RoomListener): ChatRoom;
  createSender(room: ChatRoom): ChatSender;
}

/** What {@linkcode openChatSide} needs. */
interface ChatSideOptions {
  readonly live: boolean;
  readonly sender: "chat" | "helix";
  readonly botToken: string | undefined;
  readonly botRefreshToken: string | undefined;
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly secrets: SecretSet;
  readonly signal: AbortSignal;
}

/**
 * Gets everything ready for chatting: a token that is good, and the way to send. A dry run reads the chat without account.
 *
 * @param channel Without one there is no chat.
 * @throws {UsageError} without a token; {RequestError} for a token that Twitch does not accept or that lacks a scope.
 */
export async function openChatSide(channel: string | undefined, options: ChatSideOptions): Promise<ChatSide> {
  const { clock, random, log, signal } = options;
  const endpoints = readEndpoints((name) => Deno.env.get(name));
  const patience = { clock, random, signal, trouble: createTroubleLog(log) };
  const keeper = options.live ? await keepTrying(() => openKeeper(options, endpoints), patience) : undefined;
  const identity = keeper && { login: keeper.facts().login, token: () => keeper.token() };
  const helix = keeper && channel !== undefined && options.sender === "helix"
    ? await keepTrying(() =>
      createHelixSender(channel, keeper, {
        endpoints,
        // One try, so that nothing is said twice, and soon, so that nothing is said late.
        http: createHttpClient({
          fetch,
          service: "Twitch",
          clock,
          random,
          retry: { attempts: 1, headersTimeoutMs: 5_000 },
        }),
      }, signal), patience)
    : undefined;
  return {
    keeper,
    ownLogin: identity?.login,
    join: (listener) =>
      channel === undefined ? noRoom() : joinIrcRoom({
        channel,
        identity,
        url: endpoints.irc,
        clock,
        random,
        log,
        listener,
        onLoginRefused: async () => void await keeper?.renew(),
      }),
    createSender: (room) => helix ?? (options.live ? createRoomSender(room) : createDryRunSender()),
  };
}

async function openKeeper(
  options: ChatSideOptions,
  endpoints: ReturnType<typeof readEndpoints>,
): Promise<TokenKeeper> {
  const { botToken, botRefreshToken: refreshToken, clientId, clientSecret, http, secrets } = options;
  if (botToken === undefined) {
    throw new UsageError("--live needs TWITCH_BOT_TOKEN, an access token of the bot's account");
  }
  return await openTokenKeeper({ token: botToken, refreshToken, clientId, clientSecret }, {
    ...options,
    service: { http, endpoints },
    scopes: ["chat:read", options.sender === "helix" ? "user:write:chat" : "chat:edit"],
    onSecret: (secret) => secrets.add(secret),
  });
}

/** Where there is no chat to read, what would be said is still shown. */
function noRoom(): ChatRoom {
  return {
    state: "joined",
    joins: 0,
    say: () => Promise.resolve({ kind: "shown" }),
    close: () => Promise.resolve(),
  };
}
