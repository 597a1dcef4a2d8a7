import assert from "node:assert/strict";
import { createRandom } from "lib/base/numbers/random.ts";
import { createLogger } from "lib/base/system/logger.ts";
import { createTroubleLog } from "lib/base/system/trouble_log.ts";
import { keepTrying } from "lib/media/net/keep_trying.ts";
import { RequestError } from "lib/media/net/request_error.ts";
import { createFakeClock } from "tests/fake_clock.ts";

/** A log that keeps what people see. */
function keptLog(): { readonly lines: string[]; readonly log: ReturnType<typeof createLogger> } {
  const lines: string[] = [];
  return { lines, log: createLogger({ level: "info", write: (line) => lines.push(line) }) };
}

Deno.test("keepTrying() waits for a network with waits that grow, and says so once", async () => {
  const clock = createFakeClock();
  const { lines, log } = keptLog();
  const times: number[] = [];
  const result = await keepTrying(() => {
    times.push(clock.monotonicMs());
    if (times.length < 40) {
      return Promise.reject(new RequestError("network", "Could not get the facts: no network"));
    }
    return Promise.resolve("token");
  }, {
    clock,
    random: createRandom(1),
    trouble: createTroubleLog(log),
    signal: new AbortController().signal,
  });
  assert.equal(result, "token");
  assert.deepEqual(lines, ["Could not get the facts: no network; trying again"]);
  const waits = times.slice(1).map((time, i) => time - times[i]!);
  assert.ok(waits.every((ms) => ms >= 250 && ms <= 30_000), waits.join(" "));
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  assert.ok(mean(waits.slice(5)) > 8 * mean(waits.slice(0, 3)), waits.join(" "));
});

Deno.test("keepTrying() gives up at once where waiting does not help", async () => {
  const { lines, log } = keptLog();
  const settings = {
    clock: createFakeClock(),
    random: createRandom(1),
    trouble: createTroubleLog(log),
    signal: new AbortController().signal,
  };
  const refused = () => Promise.reject(new RequestError("expired-token", "Twitch does not accept the token"));
  await assert.rejects(keepTrying(refused, settings), { problem: "expired-token" });
  await assert.rejects(keepTrying(() => Promise.reject(new RangeError("odd")), settings), RangeError);
  assert.deepEqual(lines, []);
});

Deno.test("createTroubleLog() tells each kind of trouble once, until it is over", () => {
  const { lines, log } = keptLog();
  const trouble = createTroubleLog(log);
  trouble.tell("Could not get segment 17: the server answered 500");
  trouble.tell("Could not get segment 18: the server answered 500");
  trouble.tell("Could not get the playlist: the connection broke");
  trouble.tell("Could not get segment 19: the server answered 500");
  trouble.over();
  trouble.tell("Could not get the playlist: the connection broke");
  assert.deepEqual(lines, [
    "Could not get segment 17: the server answered 500",
    "Could not get the playlist: the connection broke",
    "Could not get the playlist: the connection broke",
  ]);
});
