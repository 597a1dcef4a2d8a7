import assert from "node:assert/strict";
import { createLeases } from "lib/work/review/leases.ts";
import { ReviewError } from "lib/work/review/review_error.ts";
import { createFakeClock } from "tests/fake_clock.ts";

Deno.test("one tab has a scope until it leaves, is silent for long, or another takes over", () => {
  const clock = createFakeClock();
  const leases = createLeases(clock);
  leases.require("one", "clips");
  clock.advance(3_000);
  assert.deepEqual(leases.claim("two", "clips", false), { lease: "other", otherSeenSecondsAgo: 3 });
  leases.require("two", "recording:0");
  const isRefused = (error: unknown) => error instanceof ReviewError && error.problem === "lease";
  assert.throws(() => leases.require("two", "clips"), isRefused);
  leases.leave("one");
  leases.require("two", "clips");
  assert.deepEqual(leases.claim("one", "clips", true), { lease: "yours" });
  assert.throws(() => leases.require("two", "clips"), isRefused);
  clock.advance(9_000);
  leases.require("two", "clips");
});
