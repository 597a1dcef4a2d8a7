import assert from "node:assert/strict";
import { createBackoff } from "lib/live/backoff.ts";
import { createRandom } from "lib/system/random.ts";
import { createFakeClock } from "tests/fake_clock.ts";

const HIGHEST = { next: () => 1 };

Deno.test("createBackoff() waits at most 1, 2, 4 and up to 30 s, and less by chance", () => {
  const backoff = createBackoff(createFakeClock(), HIGHEST);
  assert.deepEqual([1, 2, 3, 4, 5, 6, 7, 8].map(() => backoff.failed()), [
    ...[1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000],
  ]);
  const random = createRandom("jitter");
  const waits = Array.from({ length: 200 }, () => {
    const other = createBackoff(createFakeClock(), random);
    for (let i = 0; i < 7; i++) other.failed();
    return other.failed();
  });
  assert(Math.min(...waits) < 1500 && Math.max(...waits) > 28_000 && waits.every((wait) => wait >= 250));
});

Deno.test("createBackoff() forgets failures after 30 s of good sound, not before", () => {
  const clock = createFakeClock();
  const backoff = createBackoff(clock, HIGHEST);
  for (let i = 0; i < 5; i++) backoff.failed();
  backoff.succeeded();
  clock.advance(29_000);
  backoff.succeeded();
  assert.equal(backoff.failed(), 30_000);
  backoff.succeeded();
  clock.advance(30_000);
  backoff.succeeded();
  assert.equal(backoff.failed(), 1000);
});

Deno.test("createBackoff() heeds the server's wish", () => {
  assert.equal(createBackoff(createFakeClock(), HIGHEST).failed(60_000), 60_000);
});
