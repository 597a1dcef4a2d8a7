import { z } from "zod";
import type { HttpAnswer, HttpClient } from "lib/media/net/http_client.ts";
import { RequestError } from "lib/media/net/request_error.ts";
import { verifyJson } from "lib/media/net/whole_json.ts";
import type { TwitchEndpoints } from "lib/media/platforms/twitch/endpoints.ts";

/** What Twitch says of an access token. */
export interface TokenFacts {
  readonly clientId: string;
  /** Login of the account that the token belongs to. */
  readonly login: string;
  readonly userId: string;
  readonly scopes: readonly string[];
  /** Seconds until it ends; 0 for tokens that do not. */
  readonly expiresIn: number;
}

/** New tokens in place of old ones. */
interface RefreshedToken {
  readonly accessToken: string;
  /** Takes the place of the refresh token that was used. */
  readonly refreshToken: string;
}

/** Where tokens are asked about. */
export interface TokenService {
  readonly http: HttpClient;
  readonly endpoints: Pick<TwitchEndpoints, "id">;
}

const Validation = z.object({
  client_id: z.string(),
  login: z.string(),
  user_id: z.string(),
  scopes: z.array(z.string()).nullish(),
  expires_in: z.number(),
});

const Refreshed = z.object({ access_token: z.string().min(1), refresh_token: z.string().min(1) });

/**
 * Asks Twitch about an access token of a user.
 *
 * @param token With or without `oauth:` in front.
 * @returns Nothing if Twitch does not accept it (any more).
 * @throws {RequestError} if Twitch cannot be asked, or answers something else.
 */
export async function validateToken(
  { http, endpoints }: TokenService,
  token: string,
  signal?: AbortSignal,
): Promise<TokenFacts | undefined> {
  const what = "Twitch's answer about the bot's token";
  const answer = await http.request({
    url: `${endpoints.id}/validate`,
    what,
    verify: verifyJson,
    headers: { Authorization: `OAuth ${bareToken(token)}` },
    signal,
  });
  if (answer.status === 401) return undefined;
  const facts = parseAnswer(answer, Validation, what);
  return {
    clientId: facts.client_id,
    login: facts.login,
    userId: facts.user_id,
    scopes: facts.scopes ?? [],
    expiresIn: facts.expires_in,
  };
}

/**
 * Gets a new access token for a refresh token.
 *
 * @returns Nothing if Twitch does not accept the refresh token (any more).
 * @throws {RequestError} if Twitch cannot be asked, or answers something else.
 */
export async function refreshToken(
  { http, endpoints }: TokenService,
  secrets: {
    readonly refreshToken: string;
    readonly clientId: string;
    readonly clientSecret?: string | undefined;
  },
  signal?: AbortSignal,
): Promise<RefreshedToken | undefined> {
  const what = "a new token for the bot";
  const form = new URLSearchParams({
    grant_type: "refresh_token",
    refresh_token: secrets.refreshToken,
    client_id: secrets.clientId,
    ...(secrets.clientSecret === undefined ? {} : { client_secret: secrets.clientSecret }),
  });
  const answer = await http.request({
    url: `${endpoints.id}/token`,
    what,
    verify: verifyJson,
    method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
    body: form.toString(),
    signal,
  });
  if ([400, 401, 403].includes(answer.status)) return undefined;
  const { access_token, refresh_token } = parseAnswer(answer, Refreshed, what);
  return { accessToken: access_token, refreshToken: refresh_token };
}

/** A token without the `oauth:` that chat wants in front of it. */
export function bareToken(token: string): string {
  return token.trim().replace(/^oauth:/i, "");
}

/**
 * The body of an answer of status 200.
 * @throws {RequestError} `unexpected-answer`, which does not quote the body: it may hold a token.
 */
export function parseAnswer<Schema extends z.ZodType>(
  answer: HttpAnswer,
  schema: Schema,
  what: string,
): z.infer<Schema> {
  if (answer.status !== 200) {
    throw new RequestError("unexpected-answer", `Could not get ${what}: Twitch answered ${answer.status}`, {
      status: answer.status,
    });
  }
  try {
    return schema.parse(JSON.parse(new TextDecoder().decode(answer.body)));
  } catch {
    throw new RequestError(
      "unexpected-answer",
      `Could not get ${what}: the answer has another form than Twitch documents`,
    );
  }
}
