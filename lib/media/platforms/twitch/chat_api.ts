import { z } from "zod";
import type { HttpAnswer, HttpClient } from "lib/media/net/http_client.ts";
import { RequestError } from "lib/media/net/request_error.ts";
import { verifyJson } from "lib/media/net/whole_json.ts";
import { parseAnswer } from "lib/media/platforms/twitch/bot_token.ts";
import type { TwitchEndpoints } from "lib/media/platforms/twitch/endpoints.ts";

/** Who asks the official API. */
export interface HelixCaller {
  readonly http: HttpClient;
  readonly endpoints: Pick<TwitchEndpoints, "helix">;
  readonly clientId: string;
  readonly accessToken: string;
  readonly signal?: AbortSignal | undefined;
}

/** What became of a message that was handed to Twitch. */
type HelixDelivery =
  | { readonly isSent: true }
  /** Twitch took it and did not show it. */
  | { readonly isSent: false; readonly reason: string };

const Users = z.object({ data: z.array(z.object({ id: z.string(), login: z.string() })) });

const SentMessages = z.object({
  data: z.array(z.object({
    is_sent: z.boolean(),
    drop_reason: z.object({ code: z.string(), message: z.string() }).nullish(),
  })).min(1),
});

/**
 * The user id of an account, by its login.
 *
 * @returns Nothing if there is no such account.
 * @throws {RequestError} `expired-token` if the token is refused; see {@link HttpClient.request} for others.
 */
export async function findUserId(caller: HelixCaller, login: string): Promise<string | undefined> {
  const what = `the user id of channel ${login}`;
  const answer = await caller.http.request({
    url: `${caller.endpoints.helix}/users?login=${encodeURIComponent(login)}`,
    what,
    verify: verifyJson,
    headers: headersOf(caller),
    signal: caller.signal,
  });
  refuseToken(answer, what);
  if (answer.status === 400) return undefined;
  return parseAnswer(answer, Users, what).data[0]?.id;
}

/**
 * Sends a chat message. The client should try only once: an answer that got lost does not mean that the message did.
 *
 * @throws {RequestError} `expired-token` if the token is refused, `rate-limited` with the wait that Twitch asks for,
 * `private` if this account may not send there; see {@link HttpClient.request} for others.
 */
export async function sendChatMessage(
  caller: HelixCaller,
  message: { readonly broadcasterId: string; readonly senderId: string; readonly text: string },
): Promise<HelixDelivery> {
  const what = "Twitch's answer to a chat message";
  const answer = await caller.http.request({
    url: `${caller.endpoints.helix}/chat/messages`,
    what,
    verify: verifyJson,
    method: "POST",
    headers: { ...headersOf(caller), "Content-Type": "application/json" },
    body: JSON.stringify({
      broadcaster_id: message.broadcasterId,
      sender_id: message.senderId,
      message: message.text,
    }),
    signal: caller.signal,
  });
  refuseToken(answer, what);
  if (answer.status === 403) {
    throw new RequestError("private", "Twitch does not let the bot's account send messages in this channel", {
      status: 403,
    });
  }
  const [sent] = parseAnswer(answer, SentMessages, what).data;
  if (sent!.is_sent) return { isSent: true };
  const { code, message: reason } = sent!.drop_reason ?? { code: "unknown", message: "no reason given" };
  return { isSent: false, reason: `${reason} (${code})` };
}

function headersOf({ clientId, accessToken }: HelixCaller): Record<string, string> {
  return { "Client-Id": clientId, Authorization: `Bearer ${accessToken}` };
}

function refuseToken(answer: HttpAnswer, what: string): void {
  if (answer.status !== 401) return;
  throw new RequestError("expired-token", `Could not get ${what}: Twitch refuses the bot's token`, {
    status: 401,
  });
}
