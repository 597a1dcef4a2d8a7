import assert from "node:assert/strict";
import { join } from "node:path";
import { createRandom } from "lib/base/numbers/random.ts";
import { backgroundSamples, readBackground } from "lib/learning/dataset/background.ts";
import {
  type BackgroundSource,
  DEFAULT_BACKGROUND,
  freeParts,
  planBackground,
} from "lib/learning/dataset/background_plan.ts";
import { type BatchConfig, DEFAULT_MASKS, makeBatch } from "lib/learning/dataset/batch.ts";
import { createBatchSource } from "lib/learning/dataset/batch_source.ts";
import { type ClipPools, mixWindow } from "lib/learning/dataset/mixture.ts";
import { DEFAULT_MIXTURE, type MixtureConfig } from "lib/learning/dataset/mixture_config.ts";
import { DEFAULT_FEATURES } from "lib/learning/features/feature_config.ts";
import { writeWav } from "lib/media/audio/wav_writer.ts";
import { inTemporaryFolder } from "tests/temporary_folder.ts";
import { toneClips } from "tests/learning/train/tone_clips.ts";

const RATE = 16_000;
const LIMITS = { ...DEFAULT_BACKGROUND, seed: 3 };

function source(name: string, duration: number, taken: BackgroundSource["taken"] = []): BackgroundSource {
  return { recording: name, path: `${name}.wav`, duration, taken };
}

Deno.test("freeParts() gives what no label or mention takes", () => {
  const taken = [{ onset: 50, offset: 60 }, { onset: -5, offset: 4 }, { onset: 55, offset: 70 }];
  assert.deepEqual(freeParts({ duration: 100, taken }), [{ onset: 4, offset: 50 }, {
    onset: 70,
    offset: 100,
  }]);
  assert.deepEqual(freeParts({ duration: 100, taken: [{ onset: 0, offset: Infinity }] }), []);
  assert.deepEqual(freeParts({ duration: 10, taken: [] }), [{ onset: 0, offset: 10 }]);
});

Deno.test("planBackground() takes nothing that is taken, nothing twice, and learns from nothing that measures", () => {
  for (const count of [1, 2, 3, 6]) {
    const random = createRandom(count);
    const sources = Array.from({ length: count }, (_, i) =>
      source(
        `r${i}`,
        900,
        Array.from({ length: 20 }, () => {
          const onset = random.uniform(0, 900);
          return { onset, offset: onset + random.uniform(1, 20) };
        }),
      ));
    const { parts } = planBackground(sources, LIMITS);
    for (const [i, part] of parts.entries()) {
      const { taken } = sources.find(({ path }) => path === part.path)!;
      assert(taken.every(({ onset, offset }) => part.offset <= onset + 1e-6 || part.onset >= offset - 1e-6));
      const next = parts[i + 1];
      if (next?.path === part.path) assert(next.onset >= part.offset - 1e-6, "in order, and apart");
    }
    const held = parts.filter(({ side }) => side === "held");
    const learnt = parts.filter(({ side }) => side !== "held");
    const seconds = (some: typeof parts) => some.reduce((sum, { onset, offset }) => sum + offset - onset, 0);
    const share = seconds(held) / seconds(parts);
    assert(share > 0.15 && share < 0.6, `${share}`);
    if (count >= 3) {
      const heldRecordings = new Set(held.map(({ path }) => path));
      assert(learnt.every(({ path }) => !heldRecordings.has(path)), "whole recordings are held back");
    }
    assert.deepEqual(planBackground(sources, LIMITS).parts, parts, "the same each time");
  }
});

Deno.test("planBackground() keeps to its limits however long the recordings are", () => {
  const { parts } = planBackground([source("long", 36_000), source("longer", 72_000)], LIMITS);
  const held = parts.filter(({ side }) => side === "held");
  assert.equal(parts.length - held.length, LIMITS.maxWindows);
  assert(held.reduce((sum, { onset, offset }) => sum + offset - onset, 0) <= LIMITS.maxHeldSeconds);
});

Deno.test("readBackground() reads the very samples of each part, and leaves out silence", async () => {
  await inTemporaryFolder(async (folder) => {
    const path = join(folder, "ramp.wav");
    // The last half is digital silence.
    const ramp = Float32Array.from(
      { length: 120 * RATE },
      (_, n) => n < 60 * RATE ? (n % 20_000) / 32768 : 0,
    );
    await writeWav(path, ramp, { sampleRate: RATE });
    const plan = planBackground([{ ...source("ramp", 120), path }], { ...LIMITS, heldShare: 0.6 });
    const { train, validation, held } = await readBackground(plan, { sampleRate: RATE });
    const stretches = [train, validation, held].flatMap((side) =>
      side.stretches.map((stretch) => ({ side, stretch }))
    );
    assert(stretches.length > 10);
    for (const { side, stretch } of stretches) {
      assert(stretch.onset < 60, "no silence");
      const samples = backgroundSamples(side, stretch);
      const first = Math.round(stretch.onset * RATE);
      for (let n = 0; n < samples.length; n += 997) {
        assert(Math.abs(samples[n]! - ramp[first + n]!) <= 1 / 32768, `sample ${n} of ${stretch.onset} s`);
      }
    }
  });
});

Deno.test("readBackground() goes on after a recording that it cannot read, and names it", () =>
  inTemporaryFolder(async (folder) => {
    const sources = ["gone", "noise"].map((name) => ({
      ...source(name, 60),
      path: join(folder, `${name}.wav`),
    }));
    const random = createRandom(1);
    const noise = Float32Array.from({ length: 60 * RATE }, () => 0.1 * random.normal());
    await writeWav(sources[1]!.path, noise, { sampleRate: RATE });
    const warnings: string[] = [];
    const { train } = await readBackground(planBackground(sources, LIMITS), {
      sampleRate: RATE,
      onWarning: (text) => warnings.push(text),
    });
    assert(train.stretches.length > 5);
    assert(train.stretches.every(({ recording }) => recording === "noise"));
    assert.equal(warnings.length, 1);
    assert.match(warnings[0]!, /gone\.wav.*; nothing more is learnt of its background/);
  }));

const { positives, negatives } = toneClips();
const CONFIG: BatchConfig = {
  features: DEFAULT_FEATURES,
  mixture: { ...DEFAULT_MIXTURE, recordingShare: 0.5 },
  masks: { ...DEFAULT_MASKS, share: 0 },
  frameStride: 4,
  batchSize: 32,
};

/** Windows of one level each, which no other clip has: 0.5, and the others next to silent. */
function levelledBackground(count: number, loud: number): NonNullable<ClipPools["background"]> {
  const length = 3 * RATE;
  const samples = new Int16Array(new SharedArrayBuffer(2 * count * length));
  samples.fill(16_384, loud * length, (loud + 1) * length);
  const stretches = Array.from({ length: count }, (_, i) => ({
    recording: "r",
    onset: 3 * i,
    start: i * length,
    end: (i + 1) * length,
  }));
  return { samples, stretches };
}

Deno.test("a batch without background is the one that it was, whatever the share of recordings", () => {
  const pools: ClipPools = { positives: [positives], negatives };
  const at = (pools: ClipPools, recordingShare: number) =>
    makeBatch(pools, { ...CONFIG, mixture: { ...CONFIG.mixture, recordingShare } }, { seed: 1, index: 4 });
  assert.deepEqual(at(pools, 0.9), at(pools, 0));
  const none = { samples: new Int16Array(new SharedArrayBuffer(0)), stretches: [] };
  assert.deepEqual(at({ ...pools, background: none }, 0.9), at(pools, 0));
});

Deno.test("windows are made over background as it is, of which hard ones come more often", () => {
  const config: MixtureConfig = {
    ...CONFIG.mixture,
    positiveShare: 0,
    distractorShare: 0,
    recordingShare: 1,
    gainDb: [0, 0],
    speed: 0,
    tilt: 0,
  };
  const pools: ClipPools = { positives: [positives], negatives, background: levelledBackground(40, 7) };
  const loudShare = (hardness?: Float32Array) => {
    const random = createRandom("windows");
    const levels = Array.from({ length: 400 }, () => {
      const { samples } = mixWindow({ ...pools, ...(hardness && { hardness }) }, {
        sampleRate: RATE,
        random,
        config,
      });
      return samples[RATE]!;
    });
    assert(levels.every((level) => level === 0 || level === 0.5), "nothing else is in a window");
    return levels.filter((level) => level === 0.5).length / levels.length;
  };
  const hard = new Float32Array(negatives.length + 40);
  hard[negatives.length + 7] = 1;
  const [before, after] = [loudShare(), loudShare(hard)];
  assert(before < 0.06, `${before} of the windows hold one of forty`);
  assert(after > 0.3, `${after} of the windows hold the hard one`);
});

Deno.test({
  name: "threads make the same batches over background as this one",
  sanitizeResources: false,
  fn: async () => {
    const pools: ClipPools = { positives: [positives], negatives, background: levelledBackground(5, 2) };
    const hardness = Float32Array.from({ length: negatives.length + 5 }, (_, i) => i / 30);
    const source = createBatchSource(pools, CONFIG, { seed: 6, threads: 1, ahead: 1 });
    try {
      assert.deepEqual(await source.batch(0), makeBatch(pools, CONFIG, { seed: 6, index: 0 }));
      source.setHardness(hardness, 3);
      assert.deepEqual(
        await source.batch(3),
        makeBatch({ ...pools, hardness }, CONFIG, { seed: 6, index: 3 }),
      );
    } finally {
      source.close();
    }
  },
});
