import { z } from "zod";
import { RequestError } from "lib/media/net/request_error.ts";
import { askGraphql, type TwitchConnection } from "lib/media/platforms/twitch/graphql.ts";

/** Facts about a VOD. */
export interface VideoInfo {
  readonly vodId: string;
  readonly title: string;
  /** Length, in seconds; it grows while the stream runs. */
  readonly duration: number;
  /** Login of the channel; absent where the account is gone. */
  readonly channel?: string;
  /** When it was made, as an ISO 8601 text. */
  readonly createdAt?: string;
}

const QUERY = `query VideoMetadata($videoID: ID!) {
  video(id: $videoID) { id title lengthSeconds createdAt owner { login } }
}`;

const Data = z.object({
  video: z.object({
    id: z.string(),
    title: z.string().nullish(),
    lengthSeconds: z.number().nonnegative(),
    createdAt: z.string().nullish(),
    owner: z.object({ login: z.string() }).nullish(),
  }).nullable(),
});

/**
 * Asks for the facts about a VOD.
 * @throws {RequestError} `deleted` if there is no such VOD that we may know of.
 */
export async function fetchVideoInfo(
  connection: TwitchConnection,
  vodId: string,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<VideoInfo> {
  const { video } = await askGraphql(connection, {
    operationName: "VideoMetadata",
    query: QUERY,
    variables: { videoID: vodId },
    schema: Data,
    what: `the facts about VOD ${vodId}`,
    signal: options.signal,
  });
  if (!video) {
    throw new RequestError(
      "deleted",
      `VOD ${vodId} is not there: it was deleted, has passed its time, or is private`,
    );
  }
  return {
    vodId: video.id,
    title: video.title ?? "",
    duration: video.lengthSeconds,
    ...(video.owner ? { channel: video.owner.login } : {}),
    ...(video.createdAt ? { createdAt: video.createdAt } : {}),
  };
}
