import assert from "node:assert/strict";
import { createRandom } from "lib/base/numbers/random.ts";
import { readLiveSegments } from "lib/work/live/segment_loop.ts";
import { createVirtualClock } from "lib/work/bot/virtual_clock.ts";

const RENDITIONS = "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1000,RESOLUTION=160x90\nlive.m3u8\n";

Deno.test("readLiveSegments() does not storm a server whose renditions name renditions again", async () => {
  const clock = createVirtualClock(0);
  const stop = new AbortController();
  let requests = 0;
  const items = readLiveSegments({ kind: "playlist", url: "https://host/live.m3u8" }, {
    clock,
    random: createRandom(1),
    signal: stop.signal,
    fetch: () => {
      // A storm would never let go of the thread.
      if (++requests > 10) throw new Error("asked without a pause");
      return Promise.resolve(new Response(RENDITIONS));
    },
  });
  const first = await items.next();
  assert.ok(!first.done && first.value.kind === "notice");
  assert.match(first.value.text, /rendition has no segments; trying again/);
  assert.equal(requests, 2);
  const second = items.next();
  await clock.advanceTo(100);
  assert.equal(requests, 2);
  stop.abort();
  await assert.rejects(second, { name: "AbortError" });
});
