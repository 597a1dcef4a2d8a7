import { z } from "zod";
import { BOT_BADGE } from "lib/media/chat/bots.ts";
import type { ChatMessage } from "lib/media/chat/chat_message.ts";
import { RequestError } from "lib/media/net/request_error.ts";
import { askGraphql, type TwitchConnection } from "lib/media/platforms/twitch/graphql.ts";

const QUERY = `query VideoCommentsByOffsetOrCursor($videoID: ID!, $contentOffsetSeconds: Int) {
  video(id: $videoID) {
    comments(contentOffsetSeconds: $contentOffsetSeconds) {
      edges {
        node { id contentOffsetSeconds commenter { login displayName } message { fragments { text } userBadges { setID } } }
      }
      pageInfo { hasNextPage }
    }
  }
}`;

const Node = z.object({
  id: z.string(),
  contentOffsetSeconds: z.number(),
  commenter: z.object({ login: z.string().nullish(), displayName: z.string().nullish() }).nullish(),
  message: z.object({
    fragments: z.array(z.object({ text: z.string().nullish() })).nullish(),
    userBadges: z.array(z.object({ setID: z.string().nullish() }).nullable()).nullish(),
  }).nullish(),
});

const Data = z.object({
  video: z.object({
    comments: z.object({
      edges: z.array(z.object({ node: Node })).nullish(),
      pageInfo: z.object({ hasNextPage: z.boolean() }),
    }).nullable(),
  }).nullable(),
});

/**
 * The chat of a VOD, in the order of time, page after page; Twitch keeps whole seconds. Pages are asked for by time: Twitch answers requests by
 * cursor only to its own player. Neighbouring pages overlap; repeated messages are dropped.
 *
 * @throws {RequestError} `deleted` if there is no such VOD, `private` if its chat is closed.
 */
export async function* fetchVodChat(
  connection: TwitchConnection,
  vodId: string,
  options: { readonly signal?: AbortSignal | undefined; readonly from?: number | undefined } = {},
): AsyncGenerator<ChatMessage> {
  let offset = Math.max(0, Math.floor(options.from ?? 0));
  let previous = new Set<string>();
  while (true) {
    const { video } = await askGraphql(connection, {
      operationName: "VideoCommentsByOffsetOrCursor",
      query: QUERY,
      variables: { videoID: vodId, contentOffsetSeconds: offset },
      schema: Data,
      what: `the chat of VOD ${vodId}`,
      signal: options.signal,
    });
    if (!video) {
      throw new RequestError(
        "deleted",
        `VOD ${vodId} is not there: it was deleted, has passed its time, or is private`,
      );
    }
    if (!video.comments) throw new RequestError("private", `The chat of VOD ${vodId} is not open to us`);
    const nodes = (video.comments.edges ?? []).map((edge) => edge.node);
    for (const node of nodes) {
      if (!previous.has(node.id) && node.contentOffsetSeconds >= 0) yield toMessage(node);
    }
    if (!video.comments.pageInfo.hasNextPage || nodes.length === 0) return;
    const last = nodes.at(-1)!.contentOffsetSeconds;
    const fresh = nodes.some((node) => !previous.has(node.id));
    // Pages begin somewhat before the second that was asked for, so ids are kept over two of them.
    const kept = [...previous].slice(-500);
    previous = new Set([...kept, ...nodes.map((node) => node.id)]);
    // More messages in one second than fit on a page would otherwise bring the same page for ever.
    offset = fresh && last > offset ? Math.floor(last) : offset + 1;
  }
}

function toMessage({ contentOffsetSeconds, commenter, message }: z.infer<typeof Node>): ChatMessage {
  const userName = commenter?.login || commenter?.displayName;
  return {
    time: contentOffsetSeconds,
    message: (message?.fragments ?? []).map((fragment) => fragment.text ?? "").join(""),
    ...(userName ? { userName } : {}),
    ...(message?.userBadges?.some((badge) => badge?.setID === BOT_BADGE) ? { isBot: true } : {}),
  };
}
