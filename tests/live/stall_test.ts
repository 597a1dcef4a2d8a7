import assert from "node:assert/strict";
import type { LiveFault } from "tests/fakes/live_server.ts";
import { toneMedia } from "tests/live/live_media.ts";
import { whileListening } from "tests/live/listening.ts";
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
