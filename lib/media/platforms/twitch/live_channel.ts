import {
  type BotAccount,
  type LiveChannel,
  MissingAccountError,
  type ReachOptions,
} from "lib/media/platforms/port/live_channel.ts";
import { connectToTwitch } from "lib/media/platforms/twitch/connect.ts";
import { openTwitchChat, type TwitchAccount } from "lib/media/platforms/twitch/twitch_chat.ts";

/** A channel of Twitch, to be heard and spoken in while it is live. */
export function connectToChannel(channel: string, { log, ...options }: ReachOptions): LiveChannel {
  // What is tried again, and how often, is the business of whoever follows the stream, who tells it once.
  const quiet = { ...options, log: { ...log, info: log.debug } };
  return {
    access: connectToTwitch({ ...quiet, retry: { attempts: 1 } }).access,
    async openChat({ account, ...chat }) {
      const { http, endpoints } = connectToTwitch(quiet);
      return await openTwitchChat(channel, {
        ...chat,
        http,
        endpoints,
        account: account && toTwitch(account),
      });
    },
  };
}

/** @throws {MissingAccountError} without a token. */
function toTwitch({ botToken, botRefreshToken: refreshToken, ...account }: BotAccount): TwitchAccount {
  if (botToken === undefined) {
    throw new MissingAccountError("--live needs TWITCH_BOT_TOKEN, an access token of the bot's account");
  }
  const { clientId, clientSecret, sender } = account;
  return { token: botToken, refreshToken, clientId, clientSecret, sender };
}
