import assert from "node:assert/strict";
import { join } from "node:path";
import { createRandom } from "lib/base/numbers/random.ts";
import { microphoneInput } from "lib/media/audio/microphone.ts";
import { writeWav } from "lib/media/audio/wav_writer.ts";
import type { LiveItem } from "lib/work/live/live_item.ts";
import { openLiveSound } from "lib/work/live/live_sound.ts";
import { createFakeClock } from "tests/fake_clock.ts";

Deno.test("openLiveSound() plays a file at its own pace, and ends with it", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "a.wav");
    await writeWav(path, new Float32Array(5 * 8000).fill(0.1), { sampleRate: 8000 });
    const clock = createFakeClock();
    const stream = openLiveSound({ kind: "file", path }, {
      sampleRate: 8000,
      clock,
      random: createRandom(1),
      fetch,
    });
    const items: LiveItem[] = [];
    for await (const item of stream) items.push(item);
    const sounds = items.filter((item) => item.kind === "sound");
    assert.equal(sounds.reduce((sum, { samples }) => sum + samples.length, 0), 5 * 8000);
    for (const { streamTime, samples, arrivedAtMs } of sounds) {
      assert(
        arrivedAtMs >= 1000 * (streamTime + samples.length / 8000) - 1,
        "not before it could have been heard",
      );
    }
    assert.deepEqual([items[0], items.at(-1)].map((item) => item?.kind === "notice" && item.what), [
      "online",
      "ended",
    ]);
    assert.equal(clock.monotonicMs(), 5000);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("microphoneInput() names each system's way to sound, and wants a name where there is no default", () => {
  assert.deepEqual(microphoneInput("linux", undefined), ["-f", "pulse", "-i", "default"]);
  assert.deepEqual(microphoneInput("linux", "hw:0"), ["-f", "alsa", "-i", "hw:0"]);
  assert.deepEqual(microphoneInput("darwin", undefined), ["-f", "avfoundation", "-i", ":default"]);
  assert.deepEqual(microphoneInput("windows", "Mic").slice(-1), ["audio=Mic"]);
  assert.throws(() => microphoneInput("windows", undefined), {
    name: "AudioError",
    message: /give mic:NAME/,
  });
});
