import assert from "node:assert/strict";
import { toneMedia } from "tests/work/live/live_media.ts";
import { whileListening } from "tests/work/live/listening.ts";
import { hasProgram } from "tests/requirements.ts";

const ignore = !(await hasProgram("ffmpeg"));

Deno.test({
  name:
    "openLiveSound() hears fragmented MP4 with true times, from the middle, over a gap and a new beginning",
  ignore,
  async fn() {
    const { segments, header, onsets, seconds } = await toneMedia(60, { fragmented: true });
    assert.ok(header, "media with a header");
    await whileListening(
      { broadcast: { media: segments, header } },
      async ({ clock, live, heard, stream, until }) => {
        const beganMs = clock.now() - clock.monotonicMs() - 10_000;
        await until(30_000);
        live.fault = () => ({ kind: "status", status: 500 });
        await until(75_000);
        live.fault = () => undefined;
        await until(130_000);
        const times = heard.map(({ wallClockMs }) => (wallClockMs! - beganMs) / 1000);
        for (const time of times) {
          assert.ok(onsets.some((onset) => Math.abs(time % seconds - onset) < 0.25), `an event at ${time}`);
        }
        // What was played before the outage and well after it, over the place where the media begins anew.
        const expected = [0, seconds, 2 * seconds].flatMap((round) => onsets.map((onset) => round + onset))
          .filter((onset) => (onset > 7 && onset < 35) || (onset > 110 && onset < 136));
        const missed = expected.filter((onset) => !times.some((time) => Math.abs(time - onset) < 0.25));
        assert.deepEqual(missed, [], `${times}`);
        assert.ok(expected.length > 8 && stream.health().gaps > 0);
        assert.equal(
          new Set(times.map((time) => time.toFixed(0))).size,
          times.length,
          "something was heard twice",
        );
      },
    );
  },
});

Deno.test({
  name: "openLiveSound() goes on after a header that could not be had at first",
  ignore,
  async fn() {
    const { segments, header } = await toneMedia(60, { fragmented: true });
    const asked: string[] = [];
    await whileListening({
      broadcast: { media: segments, header: header! },
      wrapFetch: (inner) => (input, init) => {
        const isHeader = String(input).includes("init.mp4");
        if (isHeader) asked.push(String(input));
        return isHeader && asked.length < 3
          ? Promise.resolve(new Response("no", { status: 503 }))
          : inner(input, init);
      },
    }, async ({ heard, until }) => {
      await until(40_000);
      assert.equal(asked.length, 3, "kept once it was there");
      assert.ok(heard.length >= 4, `${heard.length} events`);
    });
  },
});
