import assert from "node:assert/strict";
import { createRandom } from "lib/base/numbers/random.ts";
import { createHttpClient, type HttpClientOptions } from "lib/media/net/http_client.ts";
import { RequestError } from "lib/media/net/request_error.ts";
import { createFastClock } from "tests/fakes/fast_clock.ts";

const SECRET_URL = "https://usher.example/vod/1.m3u8?nauth=top-secret&nauthsig=secret-too";

function client(answers: (() => Response | Promise<Response>)[], options: Partial<HttpClientOptions> = {}) {
  const clock = createFastClock(500);
  const calls: (RequestInit | undefined)[] = [];
  const fakeFetch: typeof fetch = async (_input, init) => {
    calls.push(init);
    return await (answers[calls.length - 1] ?? answers.at(-1)!)();
  };
  const http = createHttpClient({ fetch: fakeFetch, clock, random: createRandom(1), ...options });
  return { http, clock, calls };
}

const status = (code: number, headers: Record<string, string> = {}) => () =>
  new Response("x", { status: code, headers });
const broken = () => {
  throw new TypeError(`error sending request for url (${SECRET_URL})`);
};

Deno.test("request() tries again what may pass, and returns what will not", async () => {
  const { http, calls } = client([status(500), broken, status(503), status(200)]);
  const answer = await http.request({ url: SECRET_URL, what: "it" });
  assert.equal(answer.status, 200);
  assert.equal(new TextDecoder().decode(answer.body), "x");
  assert.equal(calls.length, 4);
  for (const code of [301, 400, 401, 403, 404, 410]) {
    const { http, calls } = client([status(code)]);
    assert.equal((await http.request({ url: SECRET_URL, what: "it" })).status, code);
    assert.equal(calls.length, 1);
  }
});

Deno.test("request() waits as long as the server asks, and gives up where that is too long", async () => {
  const { http, clock } = client([status(429, { "retry-after": "20" }), status(200)]);
  await http.request({ url: SECRET_URL, what: "it" });
  assert(clock.waits.some((ms) => ms >= 20_000 && ms <= 20_500), `${clock.waits}`);
  const patient = client([status(429, { "retry-after": "3600" })]);
  await assert.rejects(patient.http.request({ url: SECRET_URL, what: "it" }), (error: RequestError) => {
    assert.deepEqual([error.problem, error.retryAfterMs], ["rate-limited", 3_600_000]);
    assert.match(error.message, /wait 3600 s/);
    return true;
  });
  assert.equal(patient.calls.length, 1);
});

Deno.test("request() gives up after all its tries and tells no secrets", async () => {
  const said: string[] = [];
  for (
    const [answer, problem] of [[broken, "network"], [status(502), "server"], [
      status(429),
      "rate-limited",
    ]] as const
  ) {
    const { http, calls } = client([answer], { retry: { attempts: 3 }, onRetry: (text) => said.push(text) });
    await assert.rejects(http.request({ url: SECRET_URL, what: "the list" }), (error: RequestError) => {
      assert(error instanceof RequestError && error.problem === problem);
      assert.match(error.message, /the list/);
      said.push(`${error.message} ${error.stack} ${Deno.inspect(error.cause)}`);
      return true;
    });
    assert.equal(calls.length, 3);
  }
  assert.equal(said.length, 9);
  for (const text of said) assert.doesNotMatch(text, /secret|nauth/);
});

Deno.test("request() takes an answer cut short, stalled or judged bad for a failure", async () => {
  const short = () => new Response("abc", { headers: { "content-length": "10" } });
  const { http, calls } = client([short, status(200)]);
  assert.equal((await http.request({ url: SECRET_URL, what: "it" })).body.length, 1);
  assert.equal(calls.length, 2);

  const stalled = (init: RequestInit | undefined) =>
    new Response(
      new ReadableStream({
        start(controller) {
          controller.enqueue(new Uint8Array(3));
          init!.signal!.addEventListener("abort", () => controller.error(init!.signal!.reason));
        },
      }),
    );
  let count = 0;
  const stalling = createHttpClient({
    fetch: (_url, init) => Promise.resolve(count++ === 0 ? stalled(init) : new Response("ok")),
    clock: createFastClock(500),
    random: createRandom(1),
  });
  assert.equal((await stalling.request({ url: SECRET_URL, what: "it" })).body.length, 2);
  assert.equal(count, 2);

  let looks = 0;
  const judged = client([status(200)]);
  await judged.http.request({
    url: SECRET_URL,
    what: "it",
    verify: () => {
      if (looks++ === 0) throw new SyntaxError("odd");
    },
  });
  assert.equal(judged.calls.length, 2);
});

Deno.test("request() reads no more than it is allowed to", async () => {
  for (const headers of [{}, { "content-length": "1000" }]) {
    const { http, calls } = client([() => new Response(new Uint8Array(1000), { headers })]);
    const request = http.request({ url: SECRET_URL, what: "it", maxBytes: 999 });
    await assert.rejects(request, { name: "RequestError", problem: "unexpected-answer" });
    assert.equal(calls.length, 1);
  }
});

Deno.test("request() stops at once when its signal aborts", async () => {
  const stop = new AbortController();
  const { http, calls } = client([() => {
    stop.abort(new Error("enough"));
    return broken();
  }]);
  await assert.rejects(http.request({ url: SECRET_URL, what: "it", signal: stop.signal }), {
    message: "enough",
  });
  assert.equal(calls.length, 1);
});

Deno.test("request() gives up an answer that stands still, whether or not fetch minds its signal", async () => {
  let cancelled = 0;
  const standing = () =>
    new Response(
      new ReadableStream<Uint8Array>({
        start: (controller) => controller.enqueue(new Uint8Array(10)),
        cancel: () => void cancelled++,
      }),
      { headers: { "content-length": "20" } },
    );
  const { http } = client([standing, status(200)], { retry: { attempts: 2, stallTimeoutMs: 6000 } });
  assert.equal((await http.request({ url: SECRET_URL, what: "it" })).status, 200);
  assert.equal(cancelled, 1, "the connection is let go");
  const stop = new AbortController();
  const waiting = client([standing]).http.request({ url: SECRET_URL, what: "it", signal: stop.signal });
  stop.abort(new Error("enough"));
  await assert.rejects(waiting, /enough/);
});
