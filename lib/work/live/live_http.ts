import type { Random } from "lib/base/numbers/random.ts";
import type { Clock } from "lib/base/system/clock.ts";
import { createHttpClient, type HttpClient } from "lib/media/net/http_client.ts";
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

/** What requests need; passed in so that tests can play network and time. */
export interface LiveHttpOptions {
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly random: Random;
}

/** Makes a client whose requests end in time, whatever comes of them. */
export function createLiveHttp(options: LiveHttpOptions): HttpClient {
  const client = createHttpClient({ ...options, retry: LIVE_RETRY });
  return {
    async request(request) {
      const { what, signal } = request;
      const limit = new AbortController();
      const done = new AbortController();
      options.clock.sleep(LONGEST_MS, done.signal).then(
        () => limit.abort(new RequestError("network", `Could not get ${what} within ${LONGEST_MS / 1000} s`)),
        () => {}, // rejected when the answer is there
      );
      try {
        return await client.request({
          ...request,
          signal: signal ? AbortSignal.any([signal, limit.signal]) : limit.signal,
        });
      } finally {
        done.abort();
      }
    },
  };
}
