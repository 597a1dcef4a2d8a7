import { z } from "zod";
import { RequestError } from "lib/media/net/request_error.ts";
import { askGraphql, type TwitchConnection } from "lib/media/platforms/twitch/graphql.ts";
import type { VideoInfo } from "lib/media/platforms/twitch/video_info.ts";

const QUERY = `query ChannelVideos($login: String!, $limit: Int!, $cursor: Cursor) {
  user(login: $login) {
    videos(first: $limit, after: $cursor, type: ARCHIVE, sort: TIME) {
      edges { cursor node { id title lengthSeconds createdAt } }
      pageInfo { hasNextPage }
    }
  }
}`;
const PAGE = 100;

const Data = z.object({
  user: z.object({
    videos: z.object({
      edges: z.array(z.object({
        cursor: z.string().nullish(),
        node: z.object({
          id: z.string(),
          title: z.string().nullish(),
          lengthSeconds: z.number().nonnegative(),
          createdAt: z.string().nullish(),
        }),
      })),
      pageInfo: z.object({ hasNextPage: z.boolean() }),
    }).nullable(),
  }).nullable(),
});

/**
 * The recordings of a channel's streams that Twitch still has, newest first, page after page.
 *
 * @throws {RequestError} `missing` if there is no such channel; see {@link askGraphql} for others.
 */
export async function* listChannelVods(
  connection: TwitchConnection,
  channel: string,
  options: { readonly signal?: AbortSignal | undefined } = {},
): AsyncGenerator<VideoInfo> {
  const seen = new Set<string>();
  for (let cursor: string | null = null;;) {
    const answer: z.infer<typeof Data> = await askGraphql(connection, {
      operationName: "ChannelVideos",
      query: QUERY,
      variables: { login: channel, limit: PAGE, cursor },
      schema: Data,
      what: `the VODs of channel ${channel}`,
      signal: options.signal,
    });
    const { user } = answer;
    if (!user) {
      throw new RequestError("missing", `There is no channel ${channel} on Twitch; is it spelt right?`);
    }
    const { edges = [], pageInfo } = user.videos ?? {};
    const fresh = edges.filter(({ node }) => !seen.has(node.id));
    for (const { node: { id, title, lengthSeconds, createdAt } } of fresh) {
      seen.add(id);
      yield {
        vodId: id,
        title: title ?? "",
        duration: lengthSeconds,
        channel,
        ...(createdAt ? { createdAt } : {}),
      };
    }
    cursor = edges.at(-1)?.cursor ?? null;
    // A page that brings nothing new would come for ever.
    if (!pageInfo?.hasNextPage || fresh.length === 0 || cursor === null) return;
  }
}
