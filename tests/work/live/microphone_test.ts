import assert from "node:assert/strict";
import { join } from "node:path";
import { createRandom } from "lib/base/numbers/random.ts";
import { forgetPrograms, requireProgram } from "lib/base/system/programs.ts";
import type { LiveItem, LiveSound } from "lib/work/live/live_item.ts";
import { openLiveSound } from "lib/work/live/live_sound.ts";
import { createFakeClock } from "tests/fake_clock.ts";
import { hasProgram } from "tests/requirements.ts";

const ignore = Deno.build.os !== "linux" || !(await hasProgram("ffmpeg"));
const RATE = 8000;

/**
 * Runs a check with an ffmpeg that has a sine of 440 Hz for a microphone, one second of it at a time, or none at all.
 */
async function withMicrophone(input: string, check: () => Promise<void>): Promise<void> {
  const { path } = await requireProgram("ffmpeg");
  const folder = await Deno.makeTempDir();
  const stand = join(folder, "ffmpeg");
  // All else is passed on, so that the arguments are those of the product.
  await Deno.writeTextFile(
    stand,
    `#!/bin/sh
args=""
while [ $# -gt 0 ]; do
  if [ "$1" = "-f" ] && [ "$2" = "pulse" ]; then args="$args ${input}"; shift 4; else args="$args $1"; shift; fi
done
exec ${path} $args
`,
  );
  await Deno.chmod(stand, 0o755);
  const before = Deno.env.get("FFMPEG_PATH");
  Deno.env.set("FFMPEG_PATH", stand);
  forgetPrograms();
  try {
    await check();
  } finally {
    if (before === undefined) Deno.env.delete("FFMPEG_PATH");
    else Deno.env.set("FFMPEG_PATH", before);
    forgetPrograms();
    await Deno.remove(folder, { recursive: true });
  }
}

function openMicrophone() {
  const clock = createFakeClock();
  const stream = openLiveSound({ kind: "microphone" }, {
    sampleRate: RATE,
    clock,
    // The wait is a second: longer than a block, whose own length is no part of the gap before it.
    random: { ...createRandom("microphone"), next: () => 0.9999 },
    fetch,
  });
  return { clock, stream };
}

Deno.test({
  name: "openLiveSound() hears the microphone, and hears on when it comes back",
  ignore,
  fn: () =>
    withMicrophone("-f lavfi -i sine=frequency=440:duration=1", async () => {
      const { stream } = openMicrophone();
      const items: LiveItem[] = [];
      for await (const item of stream) {
        items.push(item);
        if (items.filter((other) => other.kind === "notice" && other.what === "retry").length === 2) break;
      }
      const notices = items.flatMap((item) => item.kind === "notice" ? [item.what] : []);
      assert.deepEqual(notices, ["online", "retry", "online", "retry"]);
      const sounds = items.filter((item): item is LiveSound => item.kind === "sound");
      const samples = sounds.flatMap((sound) => [...sound.samples]);
      const seconds = samples.length / RATE;
      // A device's last frame may stay in ffmpeg.
      assert.ok(seconds > 1.9 && seconds <= 2, `${seconds} s`);
      const rising = samples.filter((value, i) => i > 0 && samples[i - 1]! < 0 && value >= 0).length;
      assert.ok(Math.abs(rising / seconds - 440) < 3, `${rising / seconds} Hz`);
      // The time until it came back is a gap, and the sound after it is later by as much.
      const gaps = sounds.filter(({ gapSeconds }) => gapSeconds > 0);
      assert.equal(gaps.length, 1);
      const before = sounds.slice(0, sounds.indexOf(gaps[0]!)).reduce(
        (sum, sound) => sum + sound.samples.length,
        0,
      );
      assert.ok(Math.abs(gaps[0]!.streamTime - before / RATE - gaps[0]!.gapSeconds) < 1e-9);
      assert.ok(sounds.every(({ wallClockMs }) => wallClockMs !== undefined));
      assert.ok(sounds.some(({ endsSegment }) => endsSegment), "no early look is due");
    }),
});

Deno.test({
  name: "openLiveSound() says what is wrong with a microphone that never gave any sound",
  ignore,
  fn: () =>
    withMicrophone("-f lavfi -i nosuchsource", async () => {
      await assert.rejects(Array.fromAsync(openMicrophone().stream), {
        name: "AudioError",
        message: /^microphone: it gives no sound \(.*\): check its name/,
      });
    }),
});
