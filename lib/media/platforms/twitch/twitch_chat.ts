import { createTroubleLog } from "lib/base/system/trouble_log.ts";
import { createDryRunSender, createRoomSender, type LiveChat } from "lib/media/chat/chat_room.ts";
import { createHttpClient, type HttpClient } from "lib/media/net/http_client.ts";
import { keepTrying } from "lib/media/net/keep_trying.ts";
import type { ChatOptions } from "lib/media/platforms/port/live_channel.ts";
import type { TwitchEndpoints } from "lib/media/platforms/twitch/endpoints.ts";
import { createHelixSender } from "lib/media/platforms/twitch/helix_sender.ts";
import { ircServer } from "lib/media/platforms/twitch/irc_connection.ts";
import { joinIrcRoom } from "lib/media/platforms/twitch/irc_room.ts";
import { type BotSecrets, openTokenKeeper } from "lib/media/platforms/twitch/token_keeper.ts";

/** The account that speaks, and by which way: the chat itself, or the official API. */
export interface TwitchAccount extends BotSecrets {
  readonly sender: "chat" | "helix";
}

/** What {@linkcode openTwitchChat} needs. */
interface TwitchChatOptions extends Omit<ChatOptions, "account"> {
  /** Without one the chat is only read, and what would be said is only told. */
  readonly account: TwitchAccount | undefined;
  readonly endpoints: TwitchEndpoints;
  /** Asks about the account's token. */
  readonly http: HttpClient;
}

/**
 * Gets everything ready for chatting on Twitch: a token that is good, and the way to send.
 *
 * @throws {TypeError} for an address of a chat server that cannot be reached; {RequestError} for a token that Twitch does not accept or that lacks a scope.
 */
export async function openTwitchChat(channel: string, options: TwitchChatOptions): Promise<LiveChat> {
  const { account, endpoints, http, clock, random, log, signal } = options;
  // Said before anything is begun: later, nobody would hear of it.
  ircServer(endpoints.irc);
  const patience = { clock, random, signal, trouble: createTroubleLog(log) };
  const keeper = account && await keepTrying(() =>
    openTokenKeeper(account, {
      ...options,
      service: { http, endpoints },
      scopes: ["chat:read", account.sender === "helix" ? "user:write:chat" : "chat:edit"],
    }), patience);
  // One try, so that nothing is said twice, and soon, so that nothing is said late.
  const once = { attempts: 1, headersTimeoutMs: 5_000 };
  const helix = keeper && account.sender === "helix"
    ? await keepTrying(() => {
      const http = createHttpClient({ ...options, service: "Twitch", retry: once });
      return createHelixSender(channel, keeper, { endpoints, http }, signal);
    }, patience)
    : undefined;
  return {
    ownLogin: keeper?.facts().login,
    join: (listener) =>
      joinIrcRoom({
        channel,
        identity: keeper && { login: keeper.facts().login, token: keeper.token },
        url: endpoints.irc,
        clock,
        random,
        log,
        listener,
        onLoginRefused: async () => void await keeper?.renew(),
      }),
    createSender: (room) => helix ?? (keeper ? createRoomSender(room) : createDryRunSender()),
    keepLogin: keeper?.watch,
  };
}
