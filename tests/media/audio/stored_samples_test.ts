import assert from "node:assert/strict";
import { join } from "node:path";
import { openStored, partOfSamples, placeInWav } from "lib/media/audio/stored_samples.ts";
import { writeWav } from "lib/media/audio/wav_writer.ts";
import { inTemporaryFolder } from "tests/temporary_folder.ts";

const RATE = 16_000;
const SOUND = Float32Array.from({ length: 1000 }, (_, n) => (n - 500) / 1024);

Deno.test("openStored() gives parts of a WAV file as an array of its samples would", () =>
  inTemporaryFolder(async (folder) => {
    for (const format of ["pcm16", "pcm24", "float32"] as const) {
      const path = join(folder, `${format}.wav`);
      await writeWav(path, SOUND, { sampleRate: RATE, format });
      const place = await placeInWav(path, { sampleRate: RATE, length: SOUND.length });
      const stored = openStored(place!);
      assert.equal(stored.length, 1000);
      assert.deepEqual(stored.subarray(), SOUND);
      assert.deepEqual(stored.subarray(3, 501), SOUND.subarray(3, 501));
      assert.deepEqual(stored.subarray(990, 2000), SOUND.subarray(990));
      assert.equal(stored.subarray(5, 2).length, 0);
      const part = partOfSamples(stored, 100, 200);
      assert.equal(part.length, 100);
      assert.deepEqual(part.subarray(10, 300), SOUND.subarray(110, 200));
    }
  }));

Deno.test("placeInWav() leaves what needs a conversion", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "a.wav");
    await writeWav(path, SOUND, { sampleRate: 48_000 });
    assert.equal(await placeInWav(path, { sampleRate: RATE, length: 333 }), undefined);
    await Deno.writeTextFile(path, "an mp3, say");
    assert.equal(await placeInWav(path, { sampleRate: RATE, length: 333 }), undefined);
  }));

Deno.test("openStored() says which file became shorter", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "a.wav");
    await writeWav(path, SOUND, { sampleRate: RATE });
    const place = await placeInWav(path, { sampleRate: RATE, length: SOUND.length });
    await Deno.truncate(path, 500);
    assert.throws(() => openStored(place!).subarray(), /a\.wav: it became shorter/);
  }));
