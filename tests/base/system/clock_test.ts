import assert from "node:assert/strict";
import { systemClock } from "lib/base/system/clock.ts";

Deno.test("sleep() ends at once with the signal's reason", async () => {
  const controller = new AbortController();
  const sleep = systemClock.sleep(3_600_000, controller.signal);
  controller.abort(new Error("stop"));
  await assert.rejects(sleep, /stop/);
  await assert.rejects(systemClock.sleep(3_600_000, controller.signal), /stop/);
});

Deno.test("monotonicMs() does not run backwards over a sleep", async () => {
  const before = systemClock.monotonicMs();
  await systemClock.sleep(0);
  assert.ok(systemClock.monotonicMs() >= before);
});
