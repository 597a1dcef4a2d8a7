import assert from "node:assert/strict";
import { join } from "node:path";
import { writeWav } from "lib/audio/wav_writer.ts";
import { createRandom } from "lib/system/random.ts";
import { createRecordingOpener } from "lib/web/recording_media.ts";

Deno.test("a recording whose levels could not be kept once is looked into again", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "a.wav");
    const random = createRandom(1);
    await writeWav(path, Float32Array.from({ length: 16_000 }, () => random.uniform(-1, 1)), {
      sampleRate: 16_000,
    });
    let isFull = false;
    const open = createRecordingOpener({ realFile: (file) => Promise.resolve(file) }, {
      async get(_key, make) {
        const bytes = await make();
        if (isFull) throw new Error("no space left");
        return new Uint8Array(bytes);
      },
      find: () => Promise.resolve(undefined),
      keep: () => Promise.resolve(),
      flush: () => Promise.resolve(),
    });
    const recording = await open({ id: "a", path, ledgerName: path, names: new Set([path]) });
    assert.equal(recording.duration, 1);
    isFull = true;
    await assert.rejects(recording.levels(), /no space left/);
    isFull = false;
    const { low, high } = await recording.levels();
    assert.ok(low < high, `${low} to ${high}`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
