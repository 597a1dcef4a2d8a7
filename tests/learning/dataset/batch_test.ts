import assert from "node:assert/strict";
import { join } from "node:path";
import { createRandom } from "lib/base/numbers/random.ts";
import { type BatchConfig, DEFAULT_MASKS, makeBatch, scoreGrid } from "lib/learning/dataset/batch.ts";
import { createBatchSource } from "lib/learning/dataset/batch_source.ts";
import type { Clip } from "lib/learning/dataset/clip.ts";
import { type ClipPools, mixWindow } from "lib/learning/dataset/mixture.ts";
import { DEFAULT_MIXTURE } from "lib/learning/dataset/mixture_config.ts";
import { createSampleKeeper } from "lib/learning/dataset/sample_keeper.ts";
import { DEFAULT_FEATURES } from "lib/learning/features/feature_config.ts";
import { isStored } from "lib/media/audio/stored_samples.ts";
import { writeWav } from "lib/media/audio/wav_writer.ts";
import { inTemporaryFolder } from "tests/temporary_folder.ts";

const RATE = DEFAULT_FEATURES.sampleRate;

function clip(name: string, seconds: number, frequency: number, event?: string): Clip {
  const random = createRandom(name);
  const samples = Float32Array.from(
    { length: Math.round(seconds * RATE) },
    (_, n) => frequency > 0 ? 0.3 * Math.sin((2 * Math.PI * frequency * n) / RATE) : 0.05 * random.normal(),
  );
  return { name, path: name, group: name, samples, ...(event === undefined ? {} : { event }) };
}

const pools: ClipPools = {
  positives: [[clip("a", 0.5, 3000, "beep"), clip("b", 0.7, 3100, "beep")], [clip("c", 0.4, 700, "buzz")]],
  negatives: [clip("n1", 1, 0), clip("n2", 4, 0), clip("n3", 2, 0)],
};
const config: BatchConfig = {
  features: DEFAULT_FEATURES,
  mixture: DEFAULT_MIXTURE,
  masks: DEFAULT_MASKS,
  frameStride: 4,
  batchSize: 6,
};

Deno.test("makeBatch() gives the same batch for the same seed and number, another one for others", () => {
  const first = makeBatch(pools, config, { seed: 7, index: 3 });
  assert.deepEqual(makeBatch(pools, config, { seed: 7, index: 3 }), first);
  assert.notDeepEqual(makeBatch(pools, config, { seed: 7, index: 4 }).logMel, first.logMel);
  assert.notDeepEqual(makeBatch(pools, config, { seed: 8, index: 3 }).logMel, first.logMel);
  assert.deepEqual(first.shape, { B: 6, T: 128, M: 64, S: 32, K: 2 });
});

Deno.test("createBatchSource() gives on threads what makeBatch() gives, in any order", async () => {
  const source = createBatchSource(pools, config, { seed: 7, threads: 2 });
  try {
    for (const index of [0, 1, 5, 2]) {
      assert.deepEqual(await source.batch(index), makeBatch(pools, config, { seed: 7, index }));
    }
  } finally {
    source.close();
  }
});

Deno.test("makeBatch() gives the same batch where samples lie in files, on threads too", () =>
  inTemporaryFolder(async (folder) => {
    const keeper = createSampleKeeper({ sampleRate: RATE, memoryBytes: 0 });
    const keep = (clips: readonly Clip[]) =>
      Promise.all(clips.map(async (own) => {
        const path = join(folder, `${own.name}.wav`);
        const samples = own.samples.subarray().slice();
        // Some cannot be read where they lie.
        if (own.name === "a" || own.name === "n2") await Deno.writeTextFile(path, "compressed sound");
        else await writeWav(path, samples, { sampleRate: RATE, format: "float32" });
        return { ...own, samples: await keeper.keep(path, samples) };
      }));
    const stored: ClipPools = {
      positives: await Promise.all(pools.positives.map(keep)),
      negatives: await keep(pools.negatives),
    };
    assert([...stored.positives.flat(), ...stored.negatives].every(({ samples }) => isStored(samples)));
    const source = createBatchSource(stored, config, { seed: 7, threads: 1 });
    try {
      for (const index of [0, 3]) {
        const expected = makeBatch(pools, config, { seed: 7, index });
        assert.deepEqual(makeBatch(stored, config, { seed: 7, index }), expected);
        assert.deepEqual(await source.batch(index), expected);
      }
    } finally {
      source.close();
    }
  }));

Deno.test("mixWindow() says where the event is: a loud tone is found at the active samples and nowhere else", () => {
  const tone = {
    ...config.mixture,
    positiveShare: 1,
    distractorShare: 0,
    snrDb: [25, 25],
    roomShare: 0,
  } as const;
  const one: ClipPools = { positives: [pools.positives[0]!], negatives: pools.negatives };
  for (let seed = 0; seed < 20; seed++) {
    const window = mixWindow(one, { sampleRate: RATE, random: createRandom(seed), config: tone });
    assert.equal(window.event, 0);
    const inside = new Uint8Array(window.samples.length);
    for (const { start, end } of window.active) inside.fill(1, start, end);
    const power = [0, 0];
    const count = [0, 0];
    for (let n = 0; n < inside.length; n++) {
      power[inside[n]!] = power[inside[n]!]! + window.samples[n]! ** 2;
      count[inside[n]!] = count[inside[n]!]! + 1;
    }
    assert(count[1]! > 0.2 * RATE, `seed ${seed}: active for ${count[1]! / RATE} s`);
    assert(power[1]! / count[1]! > 30 * (power[0]! / count[0]!), `seed ${seed}`);
  }
});

Deno.test("makeBatch() labels the event's own scores and leaves the other events at 0", () => {
  const all = { ...config, mixture: { ...config.mixture, positiveShare: 1 }, batchSize: 24 };
  const { targets, weights, shape: { B, S, K } } = makeBatch(pools, all, { seed: 1, index: 0 });
  const period = scoreGrid(DEFAULT_FEATURES, 4).period;
  for (let b = 0; b < B; b++) {
    const sums = Array.from({ length: K }, (_, k) => {
      let sum = 0;
      for (let s = 0; s < S; s++) sum += targets[(b * S + s) * K + k]!;
      return sum;
    });
    assert.equal(sums.filter((sum) => sum > 0).length, 1, "one event a window");
    assert(Math.max(...sums) * period < 1.2, "no longer than the longest clip, slowed down");
  }
  assert(weights.every((weight) => weight === 0 || weight === 1));
  assert(targets.every((target, i) => target === 0 || weights[i] === 1), "a labelled score always counts");
});

Deno.test("makeBatch() without positives in a window has no targets", () => {
  const none = { ...config, mixture: { ...config.mixture, positiveShare: 0 } };
  assert(makeBatch(pools, none, { seed: 1, index: 0 }).targets.every((target) => target === 0));
});
