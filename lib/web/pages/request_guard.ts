import { createHash, timingSafeEqual } from "node:crypto";
import { HttpProblem } from "lib/web/pages/http_problem.ts";

/** Where a server listens, and who may speak to it. */
export interface GuardOptions {
  /** As it was asked for: `127.0.0.1`, `0.0.0.0`, a name. */
  readonly hostname: string;
  readonly port: number;
  /** Needed for everything if given. */
  readonly token?: string | undefined;
}

/** Longest address that is looked at. */
const MAX_URL_LENGTH = 4096;

/** What every answer says to the browser: nothing from elsewhere, nothing inline, nothing to other pages. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self' blob:; " +
    "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "permissions-policy": "camera=(), microphone=(), geolocation=()",
};

/** Whether an address can be reached from this machine only. */
export function isLoopback(hostname: string): boolean {
  const name = hostname.toLowerCase().replace(/^\[|\]$/g, "");
  return name === "localhost" || name === "::1" || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(name);
}

/**
 * Refuses what another site, or a name that was made to point here (DNS rebinding), wants of the server.
 *
 * @returns The answer to give at once: the token of the first address becomes a cookie. Undefined if the request may go on.
 * @throws {HttpProblem} If it may not.
 */
export function guardRequest(request: Request, options: GuardOptions): Response | undefined {
  if (request.url.length > MAX_URL_LENGTH) throw new HttpProblem("bad-request", "the address is too long");
  const host = request.headers.get("host") ?? "";
  if (!isKnownHost(host, options)) {
    throw new HttpProblem("forbidden", "this name is not the labeler's: open the address that it printed");
  }
  const changes = request.method !== "GET" && request.method !== "HEAD";
  const origin = request.headers.get("origin");
  // Browsers name the origin with everything that changes something.
  if (origin === null ? changes : origin.toLowerCase() !== `http://${host.toLowerCase()}`) {
    throw new HttpProblem("forbidden", "requests from other sites are refused");
  }
  const url = new URL(request.url);
  const site = request.headers.get("sec-fetch-site");
  const opensPage = request.headers.get("sec-fetch-mode") === "navigate" && url.pathname === "/" &&
    request.headers.get("sec-fetch-dest") === "document" && !changes;
  if (site !== null && site !== "same-origin" && site !== "none" && !opensPage) {
    throw new HttpProblem("forbidden", "requests from other sites are refused");
  }
  if (changes && !/^application\/json\s*(;|$)/i.test(request.headers.get("content-type") ?? "")) {
    throw new HttpProblem("bad-request", "send JSON, with content-type application/json");
  }
  return options.token === undefined ? undefined : checkToken(request, url, options.token, options.port);
}

function checkToken(request: Request, url: URL, token: string, port: number): Response | undefined {
  // Cookies do not tell ports apart: two servers must not overwrite each other's.
  const cookie = `labeler-${port}`;
  const given = url.searchParams.get("token");
  if (request.method === "GET" && url.pathname === "/" && given !== null && isSame(given, token)) {
    return new Response(null, {
      status: 303,
      headers: { location: "/", "set-cookie": `${cookie}=${token}; Path=/; HttpOnly; SameSite=Lax` },
    });
  }
  const known = (request.headers.get("cookie") ?? "").split(/;\s*/).some((pair) =>
    pair.startsWith(`${cookie}=`) && isSame(pair.slice(cookie.length + 1), token)
  );
  if (!known) {
    throw new HttpProblem("unauthorized", "open the address with the token that the labeler printed");
  }
  return undefined;
}

/** Compares without telling by its duration how much of it was right. */
function isSame(a: string, b: string): boolean {
  const hash = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}

function isKnownHost(host: string, { hostname, port, token }: GuardOptions): boolean {
  const match = /^(\[[0-9a-f:.]+\]|[\w.-]+)(?::(\d+))?$/i.exec(host);
  if (!match) return false;
  const [, name = "", givenPort = "80"] = match;
  if (Number(givenPort) !== port) return false;
  if (isLoopback(name)) return true;
  // Without a token, nothing but this machine's own names.
  if (token === undefined) return false;
  const plain = name.toLowerCase();
  // A name that was made to point here carries no cookie; an address cannot be made to.
  return plain === hostname.toLowerCase() || plain === `[${hostname.toLowerCase()}]` ||
    /^\d{1,3}(\.\d{1,3}){3}$/.test(plain) || plain.startsWith("[");
}
