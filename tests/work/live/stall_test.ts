import assert from "node:assert/strict";
import type { LiveFault } from "tests/fakes/live_server.ts";
import { toneMedia } from "tests/work/live/live_media.ts";
import { whileListening } from "tests/work/live/listening.ts";
import { hasProgram } from "tests/requirements.ts";

const ignore = !(await hasProgram("ffmpeg"));

/** Ways in which a stream stands still without any refusal. */
const STILL: readonly (readonly [string, LiveFault | "frozen"])[] = [
  ["a playlist that does not grow", "frozen"],
  ["answers that break off half way without a word", { kind: "stall" }],
  ["connections that stand and carry nothing", { kind: "half-open" }],
];

for (const [name, fault] of STILL) {
  Deno.test({
    name: `openLiveSound() notices ${name} within 20 s, and hears on when it is over`,
    ignore,
    async fn() {
      const { segments } = await toneMedia(60);
      await whileListening(
        { broadcast: { media: segments } },
        async ({ clock, live, items, stream, until }) => {
          await until(20_000);
          const soundMs = () => items.findLast((item) => item.kind === "sound")!.arrivedAtMs;
          if (fault === "frozen") live.frozenAt = 30;
          else live.fault = () => fault;
          await until(60_000);
          const lastMs = soundMs();
          const found = items.find((item) =>
            item.kind === "notice" && (item.what === "stall" || item.what === "retry")
          );
          assert.ok(found?.kind === "notice", "nothing was said");
          const startMs = clock.now() - clock.monotonicMs();
          const after = found.atMs - startMs - lastMs;
          assert.ok(after > 0 && after <= 20_000, `found after ${after} ms`);
          assert.equal(stream.health().state, "retrying");
          // Fewer tries than a storm, and more than none.
          const { playlist, access } = live.requests;
          live.frozenAt = undefined;
          live.fault = () => undefined;
          const backMs = clock.monotonicMs();
          await until(100_000);
          assert.ok(soundMs() > backMs, "it never came back");
          assert.ok(playlist < 80 && access < 20, `${playlist} and ${access} requests in a minute`);
        },
      );
    },
  });
}

Deno.test({
  name: "openLiveSound() waits no longer at the tenth incident than at the first",
  ignore,
  async fn() {
    const { segments } = await toneMedia(60);
    await whileListening(
      { broadcast: { media: segments } },
      async ({ clock, live, items, stream, until }) => {
        let failing = 0;
        live.fault = (kind) =>
          kind === "segment" && failing-- > 0 ? { kind: "status", status: 503 } : undefined;
        for (let incident = 1; incident <= 10; incident++) {
          await until(incident * 30_000);
          failing = 2;
        }
        await until(330_000);
        const waits = items.flatMap((item) =>
          item.kind === "notice" && item.what === "retry" ? [item.seconds!] : []
        );
        assert.equal(waits.length, 20);
        assert.ok(waits.every((seconds) => seconds <= 2), waits.join(" "));
        assert.equal(stream.health().missedSeconds, 0);
        // However long an outage is, each try comes while the playlist still holds what was missed before it.
        live.fault = () => ({ kind: "status", status: 503 });
        await until(630_000);
        const later = items.flatMap((item) =>
          item.kind === "notice" && item.what === "retry" ? [item.seconds!] : []
        );
        assert.ok(later.every((seconds) => seconds <= 11), later.join(" "));
        assert.ok(clock.monotonicMs() >= 630_000 && later.length > 40, `${later.length} tries`);
      },
    );
  },
});
