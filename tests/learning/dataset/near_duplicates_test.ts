import assert from "node:assert/strict";
import { join } from "node:path";
import { createRandom } from "lib/base/numbers/random.ts";
import { requireProgram } from "lib/base/system/programs.ts";
import { runToEnd } from "lib/base/system/run_program.ts";
import { createFingerprint } from "lib/learning/dataset/clip_fingerprint.ts";
import { findNearDuplicates } from "lib/learning/dataset/near_duplicates.ts";
import { readSamples } from "lib/media/audio/clip.ts";
import { writeWav } from "lib/media/audio/wav_writer.ts";
import { hasProgram } from "tests/requirements.ts";

const RATE = 16_000;

/** A sound of a few gliding partials with noise, different for each seed. */
function makeSound(seed: number, seconds = 0.8): Float32Array {
  const random = createRandom(`sound ${seed}`);
  const partials = Array.from({ length: 5 }, () => ({
    from: random.uniform(150, 4000),
    to: random.uniform(150, 4000),
    start: random.uniform(0, 0.6),
    phase: 0,
  }));
  return Float32Array.from({ length: seconds * RATE }, (_, n) => {
    const t = n / RATE / seconds;
    let value = 0.005 * random.normal();
    for (const partial of partials) {
      partial.phase += 2 * Math.PI * (partial.from + (partial.to - partial.from) * t) / RATE;
      value += 0.1 * Math.exp(-30 * (t - partial.start) ** 2) * Math.sin(partial.phase);
    }
    return value;
  });
}

const padded = (samples: Float32Array, before: number, after: number): Float32Array => {
  const longer = new Float32Array(samples.length + before + after);
  longer.set(samples, before);
  return longer;
};

Deno.test("findNearDuplicates() finds copies at another loudness, cut differently, and between others", () => {
  const sounds = Array.from({ length: 60 }, (_, i) => makeSound(i));
  const copies = [
    sounds[3]!.slice(),
    sounds[10]!.map((sample) => sample / 10),
    padded(sounds[20]!, 4000, 1000),
    padded(sounds[20]!.map((sample) => sample * 0.4), 130, 0),
    sounds[30]!.slice(1600),
  ];
  const sets = findNearDuplicates([...sounds, ...copies].map(createFingerprint));
  assert.deepEqual(sets, [[3, 60], [10, 61], [20, 62, 63], [30, 64]]);
});

Deno.test("findNearDuplicates() takes different noises and silence for what they are", () => {
  const noise = (seed: number) => {
    const random = createRandom(seed);
    return Float32Array.from({ length: RATE }, () => 0.1 * random.normal());
  };
  assert.deepEqual(findNearDuplicates([1, 2, 3, 4, 5].map((seed) => createFingerprint(noise(seed)))), []);
  assert.deepEqual(findNearDuplicates([]), []);
  const silence = createFingerprint(new Float32Array(RATE));
  assert.ok(silence.levels.every(Number.isFinite));
});

Deno.test("findNearDuplicates() compares a small part of all pairs", () => {
  // Each fingerprint counts how often its levels are read; all pairs would read them a thousand times each.
  let reads = 0;
  const fingerprints = Array.from({ length: 400 }, (_, i) => {
    const fingerprint = createFingerprint(makeSound(i, 0.4));
    return new Proxy(fingerprint, {
      get: (target, name) => (reads += Number(name === "levels"), Reflect.get(target, name)),
    });
  });
  assert.deepEqual(findNearDuplicates(fingerprints), []);
  assert.ok(reads / 400 < 100, `${reads / 400} reads a clip`);
});

Deno.test({
  name: "findNearDuplicates() sees through MP3, AAC and Opus",
  ignore: !(await hasProgram("ffmpeg")),
  fn: async () => {
    const folder = await Deno.makeTempDir();
    try {
      const { path: ffmpeg } = await requireProgram("ffmpeg");
      const sounds = Array.from({ length: 12 }, (_, i) => makeSound(i));
      const coded: Float32Array[] = [];
      for (const [i, sound] of sounds.entries()) {
        const wav = join(folder, `${i}.wav`);
        await writeWav(wav, sound, { sampleRate: RATE });
        const file = join(folder, `${i}.${["mp3", "m4a", "ogg"][i % 3]}`);
        const coder = [["-c:a", "libmp3lame"], ["-c:a", "aac"], ["-c:a", "libopus"]][i % 3]!;
        await runToEnd(ffmpeg, [
          "-v",
          "error",
          "-i",
          wav,
          "-af",
          "volume=0.5",
          ...coder,
          "-b:a",
          "40k",
          file,
        ]);
        coded.push(await readSamples(file, { sampleRate: RATE }));
      }
      const sets = findNearDuplicates([...sounds, ...coded].map(createFingerprint));
      assert.deepEqual(sets, sounds.map((_, i) => [i, i + 12]));
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
