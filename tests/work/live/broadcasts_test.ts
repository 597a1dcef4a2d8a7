import assert from "node:assert/strict";
import type { LiveItem, LiveNoticeKind } from "lib/work/live/live_item.ts";
import { toneMedia } from "tests/work/live/live_media.ts";
import { whileListening } from "tests/work/live/listening.ts";
import { hasProgram } from "tests/requirements.ts";

const ignore = !(await hasProgram("ffmpeg"));

function noticesOf(items: readonly LiveItem[]): LiveNoticeKind[] {
  return items.flatMap((item) => item.kind === "notice" ? [item.what] : []);
}

Deno.test({
  name: "openLiveSound() waits politely for a channel, hears its broadcast, its end, and the next broadcast",
  ignore,
  async fn() {
    const { segments, onsets } = await toneMedia(60);
    await whileListening({}, async ({ clock, live, heard, items, stream, until }) => {
      await until(600_000);
      assert.equal(stream.health().state, "offline");
      assert(
        live.requests.access >= 7 && live.requests.access <= 15,
        `${live.requests.access} questions in ten minutes`,
      );
      live.begin({ media: segments, seconds: 50 });
      const firstMs = clock.now();
      await until(720_000);
      const count = heard.length;
      // We may come up to a minute and a quarter late, and then have what the playlist still has.
      assert.deepEqual(noticesOf(items).slice(0, 2), ["offline", "online"]);
      assert.equal(noticesOf(items).at(-1), "ended");
      assert(
        count > 0 &&
          heard.every(({ wallClockMs }) =>
            onsets.some((onset) => Math.abs((wallClockMs! - firstMs) / 1000 - onset) < 0.25)
          ),
      );
      live.broadcast = undefined;
      await until(780_000);
      // Its numbers begin at 0 again.
      live.begin({ media: segments });
      const secondMs = clock.now();
      await until(860_000);
      const later = heard.slice(count).map(({ wallClockMs }) => (wallClockMs! - secondMs) / 1000);
      assert(later.length >= 5, `${later.length} events of the second broadcast`);
      assert(
        later.every((time) => onsets.some((onset) => Math.abs(time % 60 - onset) < 0.25)),
        String(later),
      );
      assert.equal(stream.health().state, "listening");
    });
  },
});

Deno.test({
  name: "openLiveSound() asks for a new address when the old one is refused, and loses nothing",
  ignore,
  async fn() {
    const { segments } = await toneMedia(60);
    await whileListening({ broadcast: { media: segments } }, async ({ live, items, stream, until }) => {
      await until(20_000);
      live.permission = "second";
      await until(50_000);
      assert.equal(live.requests.access, 2);
      assert(noticesOf(items).includes("renewed"));
      assert.equal(stream.health().missedSeconds, 0);
      assert(stream.health().heardSeconds > 48);
    });
  },
});

Deno.test({
  name:
    "openLiveSound() hears what is announced before it is complete, which brings it nearer to the present",
  ignore,
  async fn() {
    const { segments } = await toneMedia(60);
    const delays: number[] = [];
    for (const prefetch of [false, true]) {
      await whileListening({ broadcast: { media: segments, prefetch } }, async ({ clock, heard, until }) => {
        await until(40_000);
        const startMs = clock.now() - clock.monotonicMs();
        const late = heard.slice(2).map(({ atMs, wallClockMs, hearing }) =>
          (atMs - (wallClockMs! - startMs)) / 1000 - (hearing.event.offset - hearing.event.onset)
        );
        delays.push(late.reduce((sum, value) => sum + value, 0) / late.length);
      });
    }
    assert(delays[1]! < delays[0]!, `${delays[1]} s with, ${delays[0]} s without`);
  },
});

Deno.test({
  name: "openLiveSound() keeps true times where the stream tells no clock",
  ignore,
  async fn() {
    const { segments } = await toneMedia(60);
    await whileListening(
      { broadcast: { media: segments, withoutClock: true } },
      async ({ live, heard, items, until }) => {
        await until(30_000);
        // The first segments began 6 s after the broadcast did, which is 0 on our timeline.
        const before = heard.map(({ hearing }) => hearing.event.onset);
        live.fault = () => ({ kind: "status", status: 500 });
        await until(90_000);
        live.fault = () => undefined;
        await until(160_000);
        const [gap] = items.filter((item) => item.kind === "notice" && item.what === "gap");
        assert(gap?.kind === "notice" && gap.seconds! > 20, "a gap is told");
        const after = heard.map(({ hearing }) => hearing.event.onset).filter((onset) =>
          onset > gap.streamTime + gap.seconds!
        );
        assert(after.length > 5);
        // The media is a minute long and comes again: what was heard before is heard at the same place later.
        const matched = before.filter((onset) =>
          after.some((later) => [60, 120].some((round) => Math.abs(later - onset - round) < 0.25))
        );
        assert.equal(matched.length, before.length, `${before} and ${after}`);
      },
    );
  },
});
