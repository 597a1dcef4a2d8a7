/** Tells on a port of this machine how things are. */
export interface HealthServer {
  /** Address of the JSON. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Starts a server that only this machine can reach. `GET /health` answers with what `health` gives, as JSON: status 200,
 * or 503 where `isWell` says no, so that any watchdog understands it.
 *
 * @throws {Deno.errors.AddrInUse} If another program has the port; 0 takes a free one.
 */
export function startHealthServer(options: {
  readonly port: number;
  readonly health: () => object;
  readonly isWell?: () => boolean;
}): HealthServer {
  const { port, health, isWell = () => true } = options;
  const server = Deno.serve({ hostname: "127.0.0.1", port, onListen: () => {} }, (request) => {
    const url = new URL(request.url);
    // Pages of the web must not read it through a name that they let point here.
    const isLocal = /^(?:127\.0\.0\.1|localhost)$/.test(url.hostname);
    if (!isLocal || request.method !== "GET" || !/^\/(?:health)?$/.test(url.pathname)) {
      return new Response("not found\n", { status: 404 });
    }
    return Response.json(health(), {
      status: isWell() ? 200 : 503,
      headers: { "cache-control": "no-store" },
    });
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}/health`,
    close: () => server.shutdown(),
  };
}
