import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createDetector, detectAll } from "lib/learning/detect/streaming_detector.ts";
import { openPackage } from "lib/learning/model_package/open_package.ts";
import { planEvents, synthesizeStream } from "lib/learning/synthesis/stream.ts";
import { openAudio } from "lib/media/audio/audio_source.ts";
import { gatherBlocks } from "lib/media/audio/gather_blocks.ts";
import { makeMediaOf } from "tests/fakes/vod_media.ts";
import { whileListening } from "tests/work/live/listening.ts";
import { hasProgram } from "tests/requirements.ts";

const ignore = !(await hasProgram("ffmpeg"));

Deno.test({
  name: "a live stream and its segments in one file give the same events, to a frame",
  ignore,
  async fn() {
    const model = await openPackage(fileURLToPath(new URL("../../../models/burp", import.meta.url)));
    const seconds = 60;
    const stream = synthesizeStream({
      durationSeconds: seconds,
      seed: "live",
      events: planEvents({ durationSeconds: seconds, seed: "live", count: 10, snrDecibels: [8, 20] }),
    });
    const samples = await gatherBlocks(stream.blocks);
    const { renditions } = await makeMediaOf(samples, { sampleRate: stream.sampleRate, segmentSeconds: 2 });
    const media = renditions[0]!.segments;
    const folder = await Deno.makeTempDir();
    try {
      const file = join(folder, "all.ts");
      for (const { bytes } of media) await Deno.writeFile(file, bytes, { append: true });
      const detector = await createDetector(model);
      const audio = await openAudio(file, { sampleRate: detector.sampleRate });
      const offline = (await detectAll(detector, audio.blocks)).events;
      assert(offline.length >= 5, `only ${offline.length} events to compare`);
      await whileListening({
        model,
        broadcast: { media, seconds: media.reduce((sum, { duration }) => sum + duration, 0) },
        ago: 0.1,
        untilEnd: true,
        edgeSegments: 100,
      }, async ({ hearings, until }) => {
        await until((seconds + 20) * 1000);
        const certain = hearings.flatMap((hearing) =>
          hearing.kind === "confirmed" || (hearing.kind === "heard" && !hearing.provisional)
            ? [hearing.event]
            : []
        ).toSorted((a, b) => a.onset - b.onset);
        assert.deepEqual(
          certain.map(({ onset, offset }) => [onset.toFixed(3), offset.toFixed(3)]),
          offline.map(({ onset, offset }) => [onset.toFixed(3), offset.toFixed(3)]),
        );
        certain.forEach((event, i) => assert(Math.abs(event.score - offline[i]!.score) < 1e-5));
      });
      await detector.close();
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
