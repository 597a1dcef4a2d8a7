import assert from "node:assert/strict";
import { createRandom } from "lib/base/numbers/random.ts";
import { parseRetryAfterMs, retryDelayMs } from "lib/media/net/retry.ts";

Deno.test("retryDelayMs() doubles its ceiling up to a limit and draws from all below it", () => {
  const random = createRandom(1);
  for (const [attempt, ceiling] of [[1, 500], [2, 1000], [3, 2000], [8, 30_000], [20, 30_000]] as const) {
    const draws = Array.from(
      { length: 400 },
      () => retryDelayMs(attempt, { baseMs: 500, maxMs: 30_000 }, random),
    );
    assert(Math.min(...draws) < ceiling * 0.05 && Math.max(...draws) > ceiling * 0.95, `${attempt}`);
    assert(Math.max(...draws) <= ceiling);
  }
  assert(retryDelayMs(1, { baseMs: 500, maxMs: 30_000 }, random, 7000) >= 7000);
});

Deno.test("parseRetryAfterMs() reads seconds and dates", () => {
  const now = Date.UTC(2026, 0, 2, 3, 4, 5);
  assert.equal(parseRetryAfterMs("120", now), 120_000);
  assert.equal(parseRetryAfterMs("Fri, 02 Jan 2026 03:04:35 GMT", now), 30_000);
  assert.equal(parseRetryAfterMs("Fri, 02 Jan 2026 03:04:00 GMT", now), 0);
  for (const text of [null, "", "soon", "-5"]) assert.equal(parseRetryAfterMs(text, now), undefined);
});
