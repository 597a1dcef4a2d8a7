import type { Random } from "lib/base/numbers/random.ts";
import type { Clock } from "lib/base/system/clock.ts";
import { DamagedAnswerError, readBody } from "lib/media/net/http_body.ts";
import { RequestError } from "lib/media/net/request_error.ts";
import { DEFAULT_RETRY, parseRetryAfterMs, retryDelayMs, type RetryPolicy } from "lib/media/net/retry.ts";

/** What a client works with; passed in so that tests can play network and time. */
export interface HttpClientOptions {
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly random: Random;
  readonly retry?: Partial<RetryPolicy>;
  /** Who is asked, for messages, such as `Twitch`. */
  readonly service?: string;
  /** Told of each try that failed and will be repeated, in a line without secrets. */
  readonly onRetry?: (text: string) => void;
}

/** One request. */
interface HttpRequest {
  readonly url: string;
  /** What is asked for, for messages, such as `the playlist of VOD 123`. */
  readonly what: string;
  readonly method?: "GET" | "POST";
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string;
  readonly signal?: AbortSignal | undefined;
  /** Longest answer that is accepted, in bytes. Default 32 MiB. */
  readonly maxBytes?: number;
  /** Looks at a complete answer of status 200 to 299; what it throws makes the request be tried again. */
  readonly verify?: (answer: HttpAnswer) => void;
}

/** A complete answer. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** A client that repeats what is worth repeating. */
export interface HttpClient {
  /**
   * Fetches a complete answer. Broken connections, stalls, answers cut short, 408, 425, 429 and 5xx are tried again;
   * any other status is returned for the caller to judge.
   *
   * @throws {RequestError} `network`, `server` or `rate-limited`, when all tries failed; the reason of the signal.
   */
  request(request: HttpRequest): Promise<HttpAnswer>;
}

/**
 * An answer of status 200 or 206.
 * @throws {RequestError} `missing` for any other, with its status; as {@link HttpClient.request}.
 */
export async function requestFound(http: HttpClient, request: HttpRequest): Promise<HttpAnswer> {
  const answer = await http.request(request);
  const { status } = answer;
  if (status === 200 || status === 206) return answer;
  throw new RequestError("missing", `Could not get ${request.what}: the server answered ${status}`, {
    status,
  });
}

const DEFAULT_MAX_BYTES = 32 << 20;
const RETRIED_STATUSES = new Set([408, 425, 429]);

/** Makes a client on top of a `fetch`. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const policy: RetryPolicy = { ...DEFAULT_RETRY, ...options.retry };
  const { clock, random } = options;

  async function request(wanted: HttpRequest): Promise<HttpAnswer> {
    for (let attempt = 1;; attempt++) {
      wanted.signal?.throwIfAborted();
      const failure = await tryOnce(wanted);
      if (!(failure instanceof RequestError)) return failure;
      const retryAfterMs = failure.retryAfterMs ?? 0;
      if (attempt >= policy.attempts || retryAfterMs > policy.maxRetryAfterMs) throw failure;
      const waitMs = retryDelayMs(attempt, policy, random, retryAfterMs);
      options.onRetry?.(`${failure.message}; trying again in ${(waitMs / 1000).toFixed(1)} s`);
      await clock.sleep(waitMs, wanted.signal);
    }
  }

  /** The answer, or the error of a try that may be repeated. */
  async function tryOnce(wanted: HttpRequest): Promise<HttpAnswer | RequestError> {
    const { what, signal } = wanted;
    const watch = createWatch(clock, signal);
    try {
      watch.expect(policy.headersTimeoutMs, `no answer within ${policy.headersTimeoutMs / 1000} s`);
      const response = await options.fetch(wanted.url, {
        method: wanted.method ?? "GET",
        headers: { ...wanted.headers },
        signal: watch.signal,
        ...(wanted.body === undefined ? {} : { body: wanted.body }),
      });
      const stall = () =>
        watch.expect(policy.stallTimeoutMs, `nothing came for ${policy.stallTimeoutMs / 1000} s`);
      const body = await readBody(response, {
        maxBytes: wanted.maxBytes ?? DEFAULT_MAX_BYTES,
        onChunk: stall,
        signal: watch.signal,
      });
      const answer = { status: response.status, headers: response.headers, body };
      const failure = statusFailure(answer, what);
      if (failure) return failure;
      if (answer.status < 300) wanted.verify?.(answer);
      return answer;
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof RangeError) {
        throw new RequestError("unexpected-answer", `${what}: ${error.message}`, { cause: error });
      }
      const reason = watch.reason() ?? plainReason(error);
      return new RequestError("network", `Could not get ${what}: ${reason}`, { cause: stripped(error) });
    } finally {
      watch.stop();
    }
  }

  function statusFailure({ status, headers }: HttpAnswer, what: string): RequestError | undefined {
    if (status < 500 && !RETRIED_STATUSES.has(status)) return undefined;
    const asked = parseRetryAfterMs(headers.get("retry-after"), clock.now());
    const wait = asked === undefined ? {} : { retryAfterMs: asked };
    if (status === 429) {
      const advice = asked === undefined ? "wait some minutes" : `wait ${Math.ceil(asked / 1000)} s`;
      const message = `${
        options.service ?? "The server"
      } says that we ask too often for ${what} (status 429); ${advice}`;
      return new RequestError("rate-limited", message, { status, ...wait });
    }
    return new RequestError("server", `Could not get ${what}: the server answered ${status}`, {
      status,
      ...wait,
    });
  }

  return { request };
}

/** An abort signal with a time limit that can be moved. */
function createWatch(clock: Clock, outer: AbortSignal | undefined) {
  const controller = new AbortController();
  const onAbort = () => controller.abort(outer?.reason);
  outer?.addEventListener("abort", onAbort, { once: true });
  if (outer?.aborted) onAbort();
  let timer = new AbortController();
  let reason: string | undefined;
  return {
    signal: controller.signal,
    reason: () => reason,
    expect(ms: number, text: string) {
      timer.abort();
      timer = new AbortController();
      clock.sleep(ms, timer.signal).then(() => {
        reason = text;
        controller.abort(new DOMException(text, "TimeoutError"));
      }, () => {}); // rejected when the time limit is moved
    },
    stop() {
      timer.abort();
      outer?.removeEventListener("abort", onAbort);
    },
  };
}

/** Errors of `fetch` quote the address, which may be signed; only their kind is told. */
function plainReason(error: unknown): string {
  if (!(error instanceof Error)) return "unknown error";
  if (error instanceof DamagedAnswerError || error instanceof SyntaxError) return error.message;
  // What happened stands in the cause, beside the address, whose words mean nothing here.
  const causes = error.cause instanceof Error ? `${error.message} ${error.cause.message}` : error.message;
  const text = causes.replace(/\bhttps?:\/\/[^\s)]*/g, "");
  if (/dns|resolve|lookup/i.test(text)) {
    return "the server's name could not be resolved (is there a network?)";
  }
  if (/refused/i.test(text)) return "the connection was refused";
  if (/certificate|tls/i.test(text)) return "no secure connection was possible";
  return "the connection broke";
}

function stripped(error: unknown): Error {
  return new Error(error instanceof Error ? `${error.name}: ${plainReason(error)}` : "unknown error");
}
