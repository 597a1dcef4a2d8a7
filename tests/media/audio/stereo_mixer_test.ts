import assert from "node:assert/strict";
import { createRandom } from "lib/base/numbers/random.ts";
import { readSamples } from "lib/media/audio/clip.ts";
import { createStereoMixer } from "lib/media/audio/stereo_mixer.ts";
import { encodeWav } from "lib/media/audio/wav_writer.ts";
import { sine } from "tests/media/audio/wav_builder.ts";

const RATE = 16_000;

function pairs(left: Float32Array, right: (value: number, i: number) => number): Float32Array {
  return Float32Array.from(
    { length: 2 * left.length },
    (_, i) => i % 2 ? right(left[i >> 1]!, i >> 1) : left[i >> 1]!,
  );
}

Deno.test("createStereoMixer() gives the mean of ordinary stereo, to the bit", () => {
  const random = createRandom(1);
  const left = Float32Array.from({ length: RATE }, () => random.uniform(-1, 1));
  for (const right of [(x: number) => x, () => 0, () => random.uniform(-1, 1), (x: number) => -x / 2]) {
    const stereo = pairs(left, right);
    const mono = createStereoMixer(RATE, () => assert.fail("it is not of opposite phase")).mix(stereo);
    assert.deepEqual(
      mono,
      Float32Array.from({ length: RATE }, (_, i) => (stereo[2 * i]! + stereo[2 * i + 1]!) / 2),
    );
  }
});

Deno.test("openAudio() hears one channel where both cancel each other, and says so once", async () => {
  const left = sine(300, { length: 3 * RATE });
  const path = await Deno.makeTempFile();
  try {
    const wav = encodeWav(pairs(left, (x) => -x), { sampleRate: RATE, channels: 2 });
    await Deno.writeFile(path, wav);
    const notes: string[] = [];
    const samples = await readSamples(path, { sampleRate: RATE, onNote: (text) => notes.push(text) });
    assert.ok(samples.subarray(RATE).every((value, i) => Math.abs(value - left[i + RATE]!) < 1e-3));
    assert.equal(notes.length, 1);
    assert.match(notes[0]!, /opposite phase/);
  } finally {
    await Deno.remove(path);
  }
});
