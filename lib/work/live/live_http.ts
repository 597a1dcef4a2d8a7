import type { Random } from "lib/base/numbers/random.ts";
import type { Clock } from "lib/base/system/clock.ts";
import { createHttpClient, type HttpAnswer, type HttpClient } from "lib/media/net/http_client.ts";
import { RequestError } from "lib/media/net/request_error.ts";
import type { RetryPolicy } from "lib/media/net/retry.ts";

/**
 * How requests of a live stream are tried: once, and not for long. What comes late is worth little, and the loop around it
 * decides what to ask for next.
 */
const LIVE_RETRY = Object.freeze({
  attempts: 1,
  headersTimeoutMs: 6000,
  stallTimeoutMs: 6000,
}) satisfies Partial<RetryPolicy>;

/** No request of a live stream takes longer, however slowly it drips, in milliseconds. */
const LONGEST_MS = 15_000;
const MAX_BYTES = 64 << 20;

/** What requests need; passed in so that tests can play network and time. */
export interface LiveHttpOptions {
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly random: Random;
}

/** Fetches for live streams. */
interface LiveHttp {
  /**
   * Fetches all of an answer of status 200 or 206.
   * @throws {RequestError} For anything else; `status` tells a refusal.
   */
  get(request: {
    readonly url: string;
    readonly what: string;
    readonly headers?: Readonly<Record<string, string>> | undefined;
    readonly signal: AbortSignal;
  }): Promise<HttpAnswer>;
}

/** Makes it. */
export function createLiveHttp(options: LiveHttpOptions): LiveHttp {
  const client: HttpClient = createHttpClient({ ...options, retry: LIVE_RETRY });
  return {
    async get({ url, what, headers = {}, signal }) {
      const limit = new AbortController();
      const done = new AbortController();
      options.clock.sleep(LONGEST_MS, done.signal).then(
        () => limit.abort(new RequestError("network", `Could not get ${what} within ${LONGEST_MS / 1000} s`)),
        () => {}, // rejected when the answer is there
      );
      try {
        const answer = await client.request({
          url,
          what,
          headers,
          maxBytes: MAX_BYTES,
          signal: AbortSignal.any([signal, limit.signal]),
        });
        if (answer.status === 200 || answer.status === 206) return answer;
        const { status } = answer;
        throw new RequestError("missing", `Could not get ${what}: the server answered ${status}`, { status });
      } finally {
        done.abort();
      }
    },
  };
}
