import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { planEvents, synthesizeStream } from "lib/learning/synthesis/stream.ts";
import { gatherBlocks } from "lib/media/audio/gather_blocks.ts";
import { startFakeLive } from "tests/fakes/live_server.ts";
import { until } from "tests/fakes/until.ts";
import { type FakeSegment, makeMediaOf } from "tests/fakes/vod_media.ts";
import { realWorkClock } from "tests/fakes/work_clock.ts";
import { scaled, tellFigure } from "tests/long_run.ts";
import { hasProgram } from "tests/requirements.ts";
import { withProcess } from "tests/tasks/bot_process.ts";

const MODEL = fileURLToPath(new URL("../../models/burp", import.meta.url));
const SECONDS = 60;

/** Media of synthetic burps, loud enough that most are heard. */
async function burpMedia(): Promise<readonly FakeSegment[]> {
  const stream = synthesizeStream({
    durationSeconds: SECONDS,
    seed: "latency",
    events: planEvents({ durationSeconds: SECONDS, seed: "latency", count: 12, snrDecibels: [12, 20] }),
  });
  const samples = await gatherBlocks(stream.blocks);
  const { renditions } = await makeMediaOf(samples, { sampleRate: stream.sampleRate, segmentSeconds: 2 });
  return renditions[0]!.segments.filter(({ duration }) => duration > 0.5);
}

Deno.test({
  name: "bot --live says the command soon after the segment with the end of the sound has come",
  ignore: !(await hasProgram("ffmpeg")),
  async fn() {
    const wanted = scaled({ usual: 2, long: 25 });
    const media = await burpMedia();
    await using live = startFakeLive(realWorkClock);
    live.begin({ media }, 10);
    await withProcess({
      model: MODEL,
      source: live.playlistUrl,
      args: ["--no-announce", "--cooldown", "0", "--human", "0", "--budget", "1000"],
    }, async ({ chat, written }) => {
      // Moderators may say the same again, so that every event is answered.
      chat.isModerator = true;
      for (let count = 1; count <= wanted; count++) await until(() => chat.received.length >= count);
      const said = chat.received.slice(0, wanted);
      const began = live.served[0]!.start;
      const ends = [...written().matchAll(/burp from [\d.]+ to ([\d.]+) s, score/g)].map(([, end]) =>
        Number(end)
      );
      const delays = said.flatMap(({ atMs }, i) => {
        // The bot's time 0 is where it began to listen; a frame of rounding puts an end behind its own segment.
        const holds = live.served.find(({ end }) => end - began >= ends[i]! - 0.05);
        return holds && ends[i] !== undefined ? [atMs - holds.atMs] : [];
      });
      const sorted = delays.toSorted((a, b) => a - b);
      const median = sorted[sorted.length >> 1]!;
      const own = [...written().matchAll(/, (\d+) ms after the sound's end was here/g)].map(([, ms]) =>
        Number(ms)
      );
      tellFigure(
        `${delays.length} commands: from the server's answer with the sound's end to the command in the chat ` +
          `${Math.round(median)} ms in the middle, ${Math.round(sorted.at(-1)!)} ms at most (${
            delays.map(Math.round).join(" ")
          }); by the bot's own count ${own.join(" ")}`,
      );
      assert.equal(delays.length, wanted);
      // Not how fast this machine is, but that nothing waits for the segment after.
      assert.ok(median < 2_000, delays.join(" "));
    });
  },
});
