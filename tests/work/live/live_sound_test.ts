import assert from "node:assert/strict";
import { hasProgram } from "tests/requirements.ts";
import { toneMedia } from "tests/work/live/live_media.ts";
import { whileListening } from "tests/work/live/listening.ts";

const ignore = !(await hasProgram("ffmpeg"));

Deno.test({
  name: "openLiveSound() hears a channel as it is made, with true times, and each tone once",
  ignore,
  async fn() {
    const { segments, onsets } = await toneMedia(60);
    await whileListening(
      { broadcast: { media: segments } },
      async ({ clock, heard, items, stream, until }) => {
        const startMs = clock.now() - 10_000;
        await until(40_000);
        const times = heard.map(({ wallClockMs }) => (wallClockMs! - startMs) / 1000);
        const expected = onsets.filter((onset) => onset > 6.5 && onset < 47);
        assert.equal(times.length, expected.length, `${times} for ${expected}`);
        expected.forEach((onset, i) =>
          assert(Math.abs(times[i]! - onset) < 0.25, `${times[i]} for ${onset}`)
        );
        assert.equal(items.filter((item) => item.kind === "notice" && item.what === "gap").length, 0);
        assert.match(stream.statusLine(), /^somebody: listening, heard 4\d s, .* s behind$/);
      },
    );
  },
});
