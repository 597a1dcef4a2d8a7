import assert from "node:assert/strict";
import { join } from "node:path";
import { createRandom } from "lib/base/numbers/random.ts";
import { levelDb } from "lib/learning/dataset/clip.ts";
import { LOSSY_CODECS, throughCodec } from "lib/learning/distil/codec_pass.ts";
import { mixLesson } from "lib/learning/distil/mix_lesson.ts";
import { gatherSounds } from "lib/learning/distil/sound_groups.ts";
import { hasProgram } from "tests/requirements.ts";
import { inTemporaryFolder } from "tests/temporary_folder.ts";

const sampleRate = 16_000;
const tone = (frequency: number, seconds: number): Float32Array =>
  Float32Array.from(
    { length: seconds * sampleRate },
    (_, n) => 0.3 * Math.sin(2 * Math.PI * frequency * n / sampleRate),
  );

Deno.test({
  name: "throughCodec() gives each sound back, as long as it was and at its level",
  ignore: !(await hasProgram("ffmpeg")),
  fn: async () => {
    const sounds = [tone(300, 0.7), new Float32Array(4000), tone(700, 0.4)];
    for (const codec of LOSSY_CODECS) {
      const coded = await throughCodec(sounds, codec, { sampleRate });
      assert.deepEqual(coded.map(({ length }) => length), sounds.map(({ length }) => length));
      const levels = coded.map((sound) => levelDb(sound));
      for (const i of [0, 2]) assert(Math.abs(levels[i]! - levelDb(sounds[i]!)) < 2, `${codec.encoder}`);
      assert.notDeepEqual(coded[0], sounds[0]);
    }
  },
});

Deno.test("mixLesson() repeats itself for a seed, stays in range and goes down to what is hardly heard", () => {
  const clip = { name: "tone", path: "tone", group: "tone", samples: tone(500, 1) };
  const groups = [{ name: "tones", share: 1, sounds: [clip] }];
  const mix = (seed: number): Float32Array =>
    mixLesson(groups, { seconds: 1.28, sampleRate, random: createRandom(seed) });
  assert.deepEqual(mix(1), mix(1));
  const windows = Array.from({ length: 40 }, (_, seed) => mix(seed));
  assert(
    windows.every((window) => window.length === 20_480 && window.every((value) => Math.abs(value) <= 1)),
  );
  const levels = windows.map((window) => levelDb(window)).sort((a, b) => a - b);
  assert(levels[2]! < -60 && levels.at(-3)! > -20, `${levels[2]} to ${levels.at(-3)} dB`);
});

Deno.test({
  name: "gatherSounds() groups recordings by folder, keeps sounds back and makes nothing twice",
  ignore: !(await hasProgram("ffmpeg")),
  fn: () =>
    inTemporaryFolder(async (root) => {
      const recordings = Array.from({ length: 60 }, (_, i) => {
        const name = `${i < 20 ? "bells" : "doors"}/${i}.wav`;
        return { name, path: name, group: name, samples: tone(200 + 10 * i, 0.1) };
      });
      const made: string[] = [];
      const options = {
        seed: 1,
        sampleRate,
        burps: 3,
        others: 4,
        spoken: 0,
        folder: join(root, "heard"),
        onProgress: (what: string) => void made.push(what),
      };
      const first = await gatherSounds(recordings, options);
      assert.deepEqual(first.train.map(({ name }) => name), [
        "bells",
        "doors",
        "synthetic burps",
        "other synthetic sounds",
      ]);
      const [bells, doors] = first.train;
      assert(doors!.share > bells!.share && doors!.share < 2 * bells!.share);
      assert(doors!.sounds.length > 45, "some are there a second time, through a codec");
      const train = new Set(doors!.sounds.map(({ name }) => name));
      const held = first.held.find(({ name }) => name === "doors")!.sounds;
      assert(held.length > 0 && held.every(({ name }) => !train.has(name)), "with their copies");
      assert.equal(made.length, 5);
      assert.deepEqual(await gatherSounds(recordings, options), first);
      assert.equal(made.length, 5);
    }),
});
