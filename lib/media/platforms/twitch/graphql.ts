import { z } from "zod";
import type { HttpClient } from "lib/media/net/http_client.ts";
import { RequestError } from "lib/media/net/request_error.ts";
import { verifyJson } from "lib/media/net/whole_json.ts";
import type { TwitchEndpoints } from "lib/media/platforms/twitch/endpoints.ts";

/** Twitch's public web player names itself so; GraphQL answers no client that it does not know. */
const WEB_CLIENT_ID = "kimne78kx3ncx6brgo4mv6wki5h1ko";

/** Everything that requests to Twitch need. */
export interface TwitchConnection {
  readonly http: HttpClient;
  readonly endpoints: TwitchEndpoints;
  /** `auth-token` cookie of a logged-in browser, for recordings that are not public. Never printed. */
  readonly token?: string | undefined;
  readonly clientId?: string | undefined;
}

/** One question to Twitch's GraphQL. */
interface GraphqlQuery<Schema extends z.ZodType> {
  readonly operationName: string;
  readonly query: string;
  readonly variables: Readonly<Record<string, string | number | boolean | null>>;
  /** Shape of `data` in the answer. */
  readonly schema: Schema;
  /** What is asked for, for messages, such as `the chat of VOD 123`. */
  readonly what: string;
  readonly signal?: AbortSignal | undefined;
}

const Answer = z.object({
  data: z.unknown(),
  errors: z.array(z.object({ message: z.string() })).optional(),
});

/**
 * Asks Twitch's GraphQL. It is undocumented; everything that depends on its shape is in this folder.
 *
 * @throws {RequestError} `expired-token` where the token is refused, `unexpected-answer` where the shape has changed.
 */
export async function askGraphql<Schema extends z.ZodType>(
  { http, endpoints, token, clientId }: TwitchConnection,
  { operationName, query, variables, schema, what, signal }: GraphqlQuery<Schema>,
): Promise<z.infer<Schema>> {
  const answer = await http.request({
    url: endpoints.gql,
    what,
    method: "POST",
    headers: {
      "client-id": clientId ?? WEB_CLIENT_ID,
      "content-type": "application/json",
      ...(token ? { authorization: `OAuth ${token.replace(/^(?:oauth:|OAuth\s+)/i, "")}` } : {}),
    },
    body: JSON.stringify({ operationName, query, variables }),
    signal,
    // Twitch answers 200 with "service timeout" when a part of it is overloaded.
    verify: ({ body }) => {
      if (/"service (?:timeout|error|unavailable)"/.test(new TextDecoder().decode(body.subarray(0, 4096)))) {
        throw new SyntaxError("a service of Twitch did not answer");
      }
      verifyJson({ body });
    },
  });
  if (answer.status === 401) throw tokenRefused(token);
  if (answer.status !== 200) {
    const message = `Could not get ${what}: Twitch answered ${answer.status}`;
    throw new RequestError("unexpected-answer", message, { status: answer.status });
  }
  return readAnswer(answer.body, schema, what);
}

function readAnswer<Schema extends z.ZodType>(
  body: Uint8Array,
  schema: Schema,
  what: string,
): z.infer<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(body));
  } catch (cause) {
    throw new RequestError("unexpected-answer", `Could not get ${what}: Twitch's answer is no JSON`, {
      cause,
    });
  }
  const answer = Answer.safeParse(value);
  const problem = answer.data?.errors?.map((error) => error.message).join("; ").slice(0, 200);
  const data = schema.safeParse(answer.data?.data);
  if (data.success) return data.data;
  const reason = problem ||
    `Twitch's answer has another shape than this program knows (${data.error.issues[0]?.path.join(".")})`;
  throw new RequestError("unexpected-answer", `Could not get ${what}: ${reason}`, { cause: data.error });
}

function tokenRefused(token: string | undefined): RequestError {
  const message = token
    ? "Twitch refuses the token: it has expired or is wrong. Log in at twitch.tv and copy the auth-token cookie " +
      "into TWITCH_TOKEN again"
    : "Twitch wants a login for this. Copy the auth-token cookie of a logged-in browser into TWITCH_TOKEN";
  return new RequestError("expired-token", message, { status: 401 });
}
