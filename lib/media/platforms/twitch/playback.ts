import { z } from "zod";
import { parseMasterPlaylist, type Rendition } from "lib/media/hls/master_playlist.ts";
import { RequestError } from "lib/media/net/request_error.ts";
import { askGraphql, type TwitchConnection } from "lib/media/platforms/twitch/graphql.ts";

/** What may be played: a recording or a running stream. */
type Playable =
  | { readonly kind: "vod"; readonly vodId: string }
  | { readonly kind: "live"; readonly channel: string };

interface PlaybackToken {
  readonly value: string;
  readonly signature: string;
  /** Whether Twitch says that this viewer must not see it, and why. */
  readonly forbidden?: string;
  /** Whether subscribers see more of it. */
  readonly restricted: boolean;
}

const TOKEN_QUERY =
  `query PlaybackAccessToken($login: String!, $isLive: Boolean!, $vodID: ID!, $isVod: Boolean!, $playerType: String!) {
  streamPlaybackAccessToken(
    channelName: $login
    params: { platform: "web", playerBackend: "mediaplayer", playerType: $playerType }
  ) @include(if: $isLive) { value signature }
  videoPlaybackAccessToken(
    id: $vodID
    params: { platform: "web", playerBackend: "mediaplayer", playerType: $playerType }
  ) @include(if: $isVod) { value signature }
}`;

const Token = z.object({ value: z.string().min(1), signature: z.string().min(1) });
const TokenData = z.object({
  streamPlaybackAccessToken: Token.nullish(),
  videoPlaybackAccessToken: Token.nullish(),
});
const TokenValue = z.object({
  authorization: z.object({ forbidden: z.boolean().optional(), reason: z.string().optional() }).nullish(),
  chansub: z.object({ restricted_bitrates: z.array(z.string()).nullish() }).nullish(),
});
const UsherErrors = z.array(z.object({ error: z.string().optional(), error_code: z.string().optional() }));

/**
 * The forms in which a recording or stream is offered to us now. Their addresses are signed and end after some hours.
 *
 * @throws {RequestError} `deleted`, `private`, `subscriber-only`, `expired-token`, `region`, `offline`, and what
 * {@link HttpClient.request} throws.
 */
export async function openPlayback(
  connection: TwitchConnection,
  playable: Playable,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<Rendition[]> {
  const token = await fetchToken(connection, playable, options.signal);
  const url = playlistAddress(connection.endpoints.usher, playable, token);
  const what = `the playlist of ${describe(playable)}`;
  const answer = await connection.http.request({ url, what, signal: options.signal });
  const text = new TextDecoder().decode(answer.body);
  if (answer.status !== 200) throw usherError(answer.status, text, { playable, token, connection });
  try {
    return parseMasterPlaylist(text, url);
  } catch (cause) {
    throw new RequestError("unexpected-answer", `Cannot read ${what}: ${(cause as Error).message}`, {
      cause,
    });
  }
}

function describe(playable: Playable): string {
  return playable.kind === "vod" ? `VOD ${playable.vodId}` : `channel ${playable.channel}`;
}

async function fetchToken(
  connection: TwitchConnection,
  playable: Playable,
  signal: AbortSignal | undefined,
): Promise<PlaybackToken> {
  const vod = playable.kind === "vod";
  const data = await askGraphql(connection, {
    operationName: "PlaybackAccessToken",
    query: TOKEN_QUERY,
    variables: {
      login: vod ? "" : playable.channel,
      isLive: !vod,
      vodID: vod ? playable.vodId : "",
      isVod: vod,
      playerType: "site",
    },
    schema: TokenData,
    what: `the address of ${describe(playable)}`,
    signal,
  });
  const token = vod ? data.videoPlaybackAccessToken : data.streamPlaybackAccessToken;
  if (!token) throw missing(playable);
  return { ...token, ...readTokenValue(token.value) };
}

function readTokenValue(text: string): { forbidden?: string; restricted: boolean } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = {}; // the token is opaque by right; what it says only makes errors clearer
  }
  const { authorization, chansub } = TokenValue.safeParse(value).data ?? {};
  return {
    ...(authorization?.forbidden ? { forbidden: authorization.reason ?? "" } : {}),
    restricted: (chansub?.restricted_bitrates?.length ?? 0) > 0,
  };
}

function playlistAddress(usher: string, playable: Playable, token: PlaybackToken): string {
  const common = { allow_source: "true", allow_audio_only: "true", player: "twitchweb" };
  if (playable.kind === "vod") {
    const query = new URLSearchParams({ ...common, nauth: token.value, nauthsig: token.signature });
    return `${usher}/vod/${encodeURIComponent(playable.vodId)}.m3u8?${query}`;
  }
  const query = new URLSearchParams({
    ...common,
    fast_bread: "true",
    token: token.value,
    sig: token.signature,
  });
  return `${usher}/api/channel/hls/${encodeURIComponent(playable.channel)}.m3u8?${query}`;
}

function missing(playable: Playable): RequestError {
  if (playable.kind === "live") {
    return new RequestError(
      "missing",
      `There is no channel ${playable.channel} on Twitch; is it spelt right?`,
    );
  }
  const message = `VOD ${playable.vodId} is not there: it was deleted, has passed its time, or never existed`;
  return new RequestError("deleted", message);
}

function usherError(
  status: number,
  text: string,
  { playable, token, connection }: { playable: Playable; token: PlaybackToken; connection: TwitchConnection },
): RequestError {
  const what = describe(playable);
  const codes = `${errorCodes(text)} ${token.forbidden ?? ""}`.toLowerCase();
  if (status === 404 || status === 410) {
    if (playable.kind === "live") return new RequestError("offline", `${what} is not live`, { status });
    return missing(playable);
  }
  if (status === 401 || /token_expired|expired/.test(codes)) {
    return new RequestError("expired-token", `The permission to play ${what} has expired; start again`, {
      status,
    });
  }
  if (/geoblock/.test(codes)) {
    return new RequestError("region", `${what} cannot be seen in this region`, { status });
  }
  if (status === 403 && (/restricted|entitlement|subscri/.test(codes) || token.restricted)) {
    const message = connection.token
      ? `${what} is for subscribers only, and the account of TWITCH_TOKEN is not subscribed`
      : `${what} is for subscribers only. Copy the auth-token cookie of a subscriber's browser into TWITCH_TOKEN`;
    return new RequestError("subscriber-only", message, { status });
  }
  if (status === 403) {
    const message = connection.token
      ? `${what} is private, and the account of TWITCH_TOKEN must not see it`
      : `${what} is private. Copy the auth-token cookie of an account that may see it into TWITCH_TOKEN`;
    return new RequestError("private", message, { status });
  }
  return new RequestError("unexpected-answer", `Twitch answered ${status} for the playlist of ${what}`, {
    status,
  });
}

function errorCodes(text: string): string {
  try {
    const errors = UsherErrors.safeParse(JSON.parse(text));
    return (errors.data ?? []).map(({ error = "", error_code = "" }) => `${error_code} ${error}`).join(" ");
  } catch {
    return "";
  }
}
