import type { ChatSender, Delivery } from "lib/media/chat/chat_room.ts";
import { RequestError } from "lib/media/net/request_error.ts";
import { findUserId, type HelixCaller, sendChatMessage } from "lib/media/platforms/twitch/chat_api.ts";
import type { TokenKeeper } from "lib/media/platforms/twitch/token_keeper.ts";

/** Wait after Twitch says that we ask too often, where it does not say how long. */
const RATE_LIMIT_WAIT_MS = 60_000;

/**
 * A sender by Twitch's official API, which says of each message whether it was shown, and why not.
 *
 * @param service `http` must try only once: a message whose answer was lost may have been shown.
 * @throws {RequestError} if there is no such channel, or Twitch cannot be asked.
 */
export async function createHelixSender(
  channel: string,
  keeper: Pick<TokenKeeper, "token" | "facts" | "renew">,
  service: Pick<HelixCaller, "http" | "endpoints">,
  signal?: AbortSignal,
): Promise<ChatSender> {
  const caller = (): HelixCaller => ({
    ...service,
    clientId: keeper.facts().clientId,
    accessToken: keeper.token(),
    signal,
  });
  const broadcasterId = await findUserId(caller(), channel);
  if (broadcasterId === undefined) {
    throw new RequestError("missing", `There is no channel ${channel} on Twitch: check its name`);
  }
  const attempt = async (text: string): Promise<Delivery> => {
    const sent = await sendChatMessage(caller(), { broadcasterId, senderId: keeper.facts().userId, text });
    return sent.isSent ? { kind: "delivered" } : { kind: "refused", reason: sent.reason };
  };
  return {
    name: "Helix",
    async send(text) {
      try {
        return await attempt(text);
      } catch (error) {
        if (!(error instanceof RequestError)) throw error;
        // With a refused token nothing was sent, so that another try cannot send it twice.
        if (error.problem === "expired-token" && await keeper.renew()) {
          return await attempt(text).catch(explain);
        }
        return explain(error);
      }
    },
  };
}

function explain(error: unknown): Delivery {
  if (!(error instanceof RequestError)) throw error;
  const reason = error.message;
  switch (error.problem) {
    case "rate-limited":
      return { kind: "refused", reason, waitMs: error.retryAfterMs ?? RATE_LIMIT_WAIT_MS };
    case "expired-token":
    case "private":
      return { kind: "refused", reason, waitMs: RATE_LIMIT_WAIT_MS };
    case "network":
    case "server":
      return { kind: "unknown", reason };
    default:
      return { kind: "refused", reason };
  }
}
