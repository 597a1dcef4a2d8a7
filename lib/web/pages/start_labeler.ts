import { Hono } from "hono";
import type { Clock } from "lib/base/system/clock.ts";
import { addClipRoutes } from "lib/web/pages/clip_routes.ts";
import { HttpProblem } from "lib/web/pages/http_problem.ts";
import { createLabeler, type Labeler } from "lib/web/pages/labeler.ts";
import { readPageFile } from "lib/web/pages/page_files.ts";
import { addRecordingRoutes } from "lib/web/pages/recording_routes.ts";
import {
  type GuardOptions,
  guardRequest,
  isLoopback,
  SECURITY_HEADERS,
} from "lib/web/pages/request_guard.ts";
import { addTransferRoutes } from "lib/web/pages/transfer_routes.ts";
import type { ReviewOptions } from "lib/work/review/open_review.ts";

/** Where the labeler listens. */
interface ListenOptions {
  /** This machine only by default; anything else makes a token necessary. */
  readonly hostname?: string;
  /** 0, the default, takes any that is free. */
  readonly port?: number;
  readonly clock?: Clock | undefined;
  /** Told of errors that are none of the page's doing, in one line. */
  readonly onError?: (message: string) => void;
}

/** A labeler that runs. */
export interface RunningLabeler {
  /** What to open; with the token, if there is one. */
  readonly url: string;
  /** Stops it. Every answer that was confirmed is in the ledger. */
  close(): Promise<void>;
}

/**
 * Opens the labelling page: listens on this machine's own address and gives the address of the page.
 *
 * @throws {Deno.errors.AddrInUse} If the port is taken.
 * @throws {SyntaxError} If an event's name can be none.
 */
export async function startLabeler(
  options: Partial<ReviewOptions> & ListenOptions = {},
): Promise<RunningLabeler> {
  const { hostname = "127.0.0.1", port = 0, clock, onError = () => {}, ...rest } = options;
  const stop = new AbortController();
  const labeler = createLabeler(rest, { signal: stop.signal, clock });
  const token = isLoopback(hostname) ? undefined : createToken();
  // The port is known only when it listens, and it may be asked something from then on.
  const handler = Promise.withResolvers<(request: Request) => Promise<Response>>();
  const listening = Promise.withResolvers<number>();
  const server = Deno.serve({
    hostname,
    port,
    signal: stop.signal,
    onListen: (address) => listening.resolve(address.port),
  }, async (request) => await (await handler.promise)(request));
  const guard: GuardOptions = { hostname, port: await listening.promise, token };
  handler.resolve(createHandler(labeler, guard, onError));
  const shown = hostname.includes(":") ? `[${hostname}]` : hostname;
  return {
    url: `http://${shown}:${guard.port}/${token === undefined ? "" : `?token=${token}`}`,
    close: async () => {
      stop.abort();
      await server.finished;
      await labeler.close();
    },
  };
}

/** Answers requests: who may ask comes first, and what every answer says to the browser last. */
function createHandler(
  labeler: Labeler,
  guard: GuardOptions,
  onError: (message: string) => void,
): (request: Request) => Promise<Response> {
  const app = new Hono();
  app.onError((error) => {
    const problem = HttpProblem.of(error);
    if (problem) return problem.toResponse();
    onError(error.stack ?? error.message);
    return new HttpProblem("failed", "something went wrong: the labeler's terminal says what").toResponse();
  });
  app.notFound(() => new HttpProblem("not-found", "there is nothing at this address").toResponse());
  app.use(async (c, next) => guardRequest(c.req.raw, guard) ?? await next());
  addClipRoutes(app, labeler);
  addRecordingRoutes(app, labeler);
  addTransferRoutes(app, labeler);
  app.get("*", async (c) => {
    const { body, type } = await readPageFile(c.req.path);
    return new Response(body, { headers: { "content-type": type, "cache-control": "no-cache" } });
  });
  return async (request) => {
    const response = await app.fetch(request);
    const headers = new Headers(response.headers);
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) headers.set(name, value);
    if (!headers.has("cache-control")) headers.set("cache-control", "no-store");
    return new Response(response.body, { status: response.status, headers });
  };
}

function createToken(): string {
  return [...crypto.getRandomValues(new Uint8Array(24))].map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}
