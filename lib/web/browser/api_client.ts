import type { ApiError } from "lib/web/pages/api.ts";

/** The server did not answer: it is down, hangs, or the machine has no way to it. */
export class ServerGone extends Error {
  override readonly name = "ServerGone";
}

/** The server answered, and said no. */
export class RequestRefused extends Error {
  override readonly name = "RequestRefused";
  readonly code: ApiError["error"]["code"];
  readonly current: NonNullable<ApiError["error"]["current"]>;

  constructor({ error }: ApiError) {
    super(error.message);
    this.code = error.code;
    this.current = error.current ?? [];
  }
}

/** How long a saved answer may take before the page goes on by itself and keeps it. */
const POST_LIMIT_MS = 4_000;
/** Reading may have to wait for a decoder. */
const GET_LIMIT_MS = 30_000;

/**
 * @throws {ServerGone}
 * @throws {RequestRefused}
 */
export async function getJson<Answer>(path: string, signal?: AbortSignal): Promise<Answer> {
  const response = await getResponse(path, signal);
  return await response.json() as Answer;
}

/**
 * Asks for something that need not be JSON.
 * @throws {ServerGone}
 * @throws {RequestRefused}
 */
export async function getResponse(path: string, signal?: AbortSignal): Promise<Response> {
  const limit = AbortSignal.timeout(GET_LIMIT_MS);
  return await ask(path, { signal: signal ? AbortSignal.any([signal, limit]) : limit }, signal);
}

/**
 * Sends something. It arrives even if the page is closed meanwhile.
 * @throws {ServerGone} Also if it takes too long: it may have been written then, so it is to be sent again with its ids.
 * @throws {RequestRefused}
 */
export async function postJson<Answer>(path: string, body: object, limitMs = POST_LIMIT_MS): Promise<Answer> {
  const text = JSON.stringify(body);
  const response = await ask(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: text,
    // Browsers refuse more than this with `keepalive`.
    keepalive: text.length < 60_000,
    signal: AbortSignal.timeout(limitMs),
  });
  return await response.json() as Answer;
}

async function ask(path: string, init: RequestInit, callerSignal?: AbortSignal): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch (error) {
    if (callerSignal?.aborted) throw error;
    throw new ServerGone("The server does not answer", { cause: error });
  }
  if (response.ok) return response;
  const said: unknown = await response.json().catch(() => undefined);
  if (isApiError(said)) throw new RequestRefused(said);
  throw new ServerGone(`The server answered ${response.status}`);
}

function isApiError(said: unknown): said is ApiError {
  return typeof said === "object" && said !== null && "error" in said &&
    typeof said.error === "object" && said.error !== null && "code" in said.error;
}
