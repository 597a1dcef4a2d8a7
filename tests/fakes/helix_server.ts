import type { Clock } from "lib/base/system/clock.ts";

/** A message that reached the fake API. */
export interface PostedMessage {
  readonly atMs: number;
  readonly text: string;
  readonly senderId: string;
  readonly broadcasterId: string;
}

/** An account of the fake service. */
export interface FakeToken {
  readonly login: string;
  readonly userId: string;
  readonly scopes: readonly string[];
  expiresIn: number;
}

/** A server that plays Twitch's official API (`/helix`) and its login service (`/oauth2`). */
export interface FakeHelix extends AsyncDisposable {
  readonly helixUrl: string;
  readonly idUrl: string;
  readonly tokens: Map<string, FakeToken>;
  /** Refresh tokens, each with the access token and the next refresh token that it gives. */
  readonly refreshes: Map<string, { readonly access: string; readonly refresh: string }>;
  /** Numbers of channels by login. */
  readonly users: Map<string, string>;
  readonly posted: PostedMessage[];
  /** Each request that came, such as `GET /oauth2/validate`. */
  readonly requests: string[];
  /** Decides on the answer to a message; by default it is shown. */
  answer: (
    text: string,
    index: number,
  ) => "shown" | "dropped" | "rate-limited" | "error" | "hangs up" | "forbidden";
}

const CLIENT_ID = "client-of-the-bot";

/** Starts the server on a free port of this machine. */
export function startFakeHelix(clock: Pick<Clock, "monotonicMs">): FakeHelix {
  const stop = new AbortController();
  const fake = {
    tokens: new Map<string, FakeToken>(),
    refreshes: new Map<string, { access: string; refresh: string }>(),
    users: new Map<string, string>(),
    posted: [] as PostedMessage[],
    requests: [] as string[],
    answer: (() => "shown") as FakeHelix["answer"],
  };
  const tokenOf = (request: Request, scheme: string) => {
    const [given, token] = (request.headers.get("authorization") ?? "").split(" ");
    return given === scheme ? fake.tokens.get(token ?? "") : undefined;
  };
  const validate = (request: Request): Response => {
    const token = tokenOf(request, "OAuth");
    if (!token) return Response.json({ status: 401, message: "invalid access token" }, { status: 401 });
    return Response.json({
      client_id: CLIENT_ID,
      login: token.login,
      scopes: token.scopes,
      user_id: token.userId,
      expires_in: token.expiresIn,
    });
  };
  const refresh = async (request: Request): Promise<Response> => {
    const form = new URLSearchParams(await request.text());
    const known = fake.refreshes.get(form.get("refresh_token") ?? "");
    if (!known || form.get("client_id") !== CLIENT_ID || form.get("grant_type") !== "refresh_token") {
      return Response.json({ status: 400, message: "Invalid refresh token" }, { status: 400 });
    }
    fake.refreshes.delete(form.get("refresh_token")!);
    return Response.json({
      access_token: known.access,
      refresh_token: known.refresh,
      scope: [],
      token_type: "bearer",
    });
  };
  const post = async (request: Request): Promise<Response> => {
    const token = tokenOf(request, "Bearer");
    if (!token || request.headers.get("client-id") !== CLIENT_ID) return new Response("{}", { status: 401 });
    const body = await request.json() as { broadcaster_id: string; sender_id: string; message: string };
    const kind = fake.answer(body.message, fake.posted.length);
    fake.posted.push({
      atMs: clock.monotonicMs(),
      text: body.message,
      senderId: body.sender_id,
      broadcasterId: body.broadcaster_id,
    });
    if (kind === "rate-limited") return new Response("{}", { status: 429, headers: { "Retry-After": "30" } });
    if (kind === "error") return new Response("{}", { status: 503 });
    if (kind === "forbidden") return new Response("{}", { status: 403 });
    if (kind === "hangs up") throw new Error("hangs up");
    const dropped = kind === "dropped" && { code: "msg_duplicate", message: "Your message is a duplicate" };
    return Response.json({ data: [{ message_id: "1", is_sent: !dropped, drop_reason: dropped || null }] });
  };
  const quiet = {
    signal: stop.signal,
    onListen: () => {},
    onError: () => new Response(null, { status: 502 }),
  };
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, ...quiet }, async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    fake.requests.push(`${request.method} ${pathname}`);
    if (pathname === "/oauth2/validate") return validate(request);
    if (pathname === "/oauth2/token") return await refresh(request);
    if (pathname === "/helix/chat/messages") return await post(request);
    if (pathname === "/helix/users") {
      if (!tokenOf(request, "Bearer")) return new Response("{}", { status: 401 });
      const login = searchParams.get("login") ?? "";
      const id = fake.users.get(login);
      return Response.json({ data: id === undefined ? [] : [{ id, login }] });
    }
    return new Response("{}", { status: 404 });
  });
  return Object.assign(fake, {
    helixUrl: `http://127.0.0.1:${server.addr.port}/helix`,
    idUrl: `http://127.0.0.1:${server.addr.port}/oauth2`,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await server.finished;
    },
  });
}
