import assert from "node:assert/strict";
import { AudioError } from "lib/media/audio/audio_error.ts";
import { cutClip, readSamples } from "lib/media/audio/clip.ts";
import { encodeWav } from "lib/media/audio/wav_writer.ts";
import { sine, withFile } from "tests/media/audio/wav_builder.ts";

const options = { sampleRate: 16_000 };
const tone = encodeWav(sine(440, { length: 32_000 }), options);

Deno.test("cutClip() writes the samples between two times, and what there is at the ends", async () => {
  await withFile(tone, async (path) => {
    await withFile(new Uint8Array(0), async (clip) => {
      const whole = await readSamples(path, options);
      for (
        const [onset, offset, from, to] of [[0.5, 1.25, 8000, 20_000], [-1, 0.1, 0, 1600], [
          1.9,
          5,
          30_400,
          32_000,
        ]]
      ) {
        const seconds = await cutClip(path, onset!, offset!, clip);
        assert.equal(seconds, (to! - from!) / 16_000);
        assert.deepEqual(await readSamples(clip, options), whole.slice(from, to));
      }
    });
  });
});

Deno.test("cutClip() leaves an earlier clip alone when there is nothing to cut", async () => {
  await withFile(tone, async (path) => {
    await withFile(tone.slice(0, 1000), async (clip) => {
      await assert.rejects(cutClip(path, 10, 11, clip), AudioError);
      await assert.rejects(cutClip(path, -3, -2, clip), AudioError);
      await assert.rejects(cutClip(path, 1, 1, clip), RangeError);
      assert.deepEqual(await Deno.readFile(clip), tone.slice(0, 1000));
    });
  });
});

Deno.test("readSamples() gives arrays that share their memory with nothing", async () => {
  await withFile(tone, async (path) => {
    const samples = await readSamples(path, { ...options, start: 0.5, duration: 0.5 });
    assert.equal(samples.buffer.byteLength, samples.byteLength);
  });
});
