import assert from "node:assert/strict";
import { createRandom } from "lib/base/numbers/random.ts";
import { createBackoff } from "lib/media/net/backoff.ts";

const HIGHEST = { next: () => 1 };

Deno.test("createBackoff() waits at most 1, 2, 4 and up to 30 s, and less by chance", () => {
  const backoff = createBackoff(HIGHEST);
  assert.deepEqual([1, 2, 3, 4, 5, 6, 7, 8].map(() => backoff.failed()), [
    ...[1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000],
  ]);
  const random = createRandom("jitter");
  const waits = Array.from({ length: 200 }, () => {
    const other = createBackoff(random);
    for (let i = 0; i < 7; i++) other.failed();
    return other.failed();
  });
  assert(Math.min(...waits) < 1500 && Math.max(...waits) > 28_000 && waits.every((wait) => wait >= 250));
});

Deno.test("createBackoff() begins anew with each incident, once a second of sound has flowed", () => {
  const backoff = createBackoff(HIGHEST);
  for (let incident = 0; incident < 5; incident++) {
    assert.deepEqual([backoff.failed(), backoff.failed()], [1000, 2000], `incident ${incident}`);
    backoff.succeeded(2);
  }
  backoff.failed();
  backoff.succeeded(0.5);
  assert.equal(backoff.failed(), 2000, "a moment of sound is none");
});

Deno.test("createBackoff() heeds the server's wish, and stays below what the caller can wait", () => {
  assert.equal(createBackoff(HIGHEST).failed({ atLeastMs: 60_000 }), 60_000);
  const backoff = createBackoff(HIGHEST);
  for (let i = 0; i < 8; i++) assert(backoff.failed({ atMostMs: 10_000 }) <= 10_000);
  assert.equal(backoff.failed({ atMostMs: 10_000, atLeastMs: 12_000 }), 12_000);
});
