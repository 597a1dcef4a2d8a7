import assert from "node:assert/strict";
import type { Clip } from "lib/learning/dataset/clip.ts";
import { AUGMENTATION_NAMES, AUGMENTATIONS, withoutAugmentation } from "lib/learning/train/augmentations.ts";
import { readLearningCurve, shareOfTraining } from "lib/learning/train/learning_curve.ts";
import { configAsJson, DEFAULT_TRAIN_CONFIG } from "lib/learning/train/train_config.ts";
import { countWindows, exampleWindows } from "lib/learning/train/validation_windows.ts";

const point = (positives: number, ...averagePrecisions: number[]) => ({
  positives,
  averagePrecisions,
  baseline: 0.1,
});

Deno.test("readLearningCurve() says whether the last doubling of clips brought more than chance", () => {
  const rising = readLearningCurve([point(10, 0.5, 0.52), point(20, 0.6, 0.61), point(40, 0.7, 0.72)]);
  assert.ok(rising.moreHelps);
  assert.ok(Math.abs(rising.gain - 0.105) < 1e-9, String(rising.gain));
  assert.match(rising.text, /From 20 to 40 clips .* \+0\.105: more labels would help/);
  const noisy = readLearningCurve([point(20, 0.5, 0.7), point(40, 0.55, 0.75)]);
  assert.ok(!noisy.moreHelps, "0.05 is less than what chance does here");
  assert.match(readLearningCurve([point(20, 0.8), point(40, 0.81)]).text, /hardly help/);
  const quadrupled = readLearningCurve([point(10, 0.5), point(40, 0.7)]);
  assert.ok(Math.abs(quadrupled.gain - 0.1) < 1e-9, "two doublings");
  assert.match(readLearningCurve([point(10, 0.5)]).text, /two amounts/);
});

Deno.test("shareOfTraining() keeps whole groups, smaller shares within larger ones, and what is held out", () => {
  const clip = (index: number): Clip => ({
    name: `${index}`,
    path: `${index}`,
    group: `group ${Math.floor(index / 2)}`,
    samples: new Float32Array(1),
  });
  const clips = Array.from({ length: 40 }, (_, index) => clip(index));
  const pools = { positives: [clips], negatives: clips };
  const data = { train: pools, validation: pools, remarks: [] };
  const [small, large] = [0.25, 0.5].map((share) => shareOfTraining(data, share, "seed"));
  const names = (side: typeof small) => new Set(side!.train.positives[0]!.map(({ name }) => name));
  assert.equal(names(small).size, 10);
  assert.equal(names(large).size, 20);
  assert.ok(names(small).isSubsetOf(names(large)));
  const groups = Map.groupBy(small!.train.negatives, ({ group }) => group);
  assert.ok([...groups.values()].every((members) => members.length === 2));
  assert.equal(small!.validation, pools);
  assert.equal(names(shareOfTraining(data, 1, "seed")).size, 40);
});

Deno.test("withoutAugmentation() changes one thing each, and leaves the rest", () => {
  const before = JSON.stringify(configAsJson(DEFAULT_TRAIN_CONFIG));
  const changed = AUGMENTATIONS.map((name) =>
    JSON.stringify(configAsJson(withoutAugmentation(DEFAULT_TRAIN_CONFIG, name)))
  );
  assert.equal(new Set([before, ...changed]).size, AUGMENTATIONS.length + 1);
  assert.equal(JSON.stringify(configAsJson(DEFAULT_TRAIN_CONFIG)), before);
  assert.deepEqual(Object.keys(AUGMENTATION_NAMES), [...AUGMENTATIONS]);
});

Deno.test("countWindows() and exampleWindows() read scores of windows by event", () => {
  const [B, T, M, S, K] = [4, 4, 2, 2, 2] as const;
  // Windows: event found; event missed; nothing there but a high score; high only where it does not count.
  const ofEvent = [[0.9, 0.1], [0.2, 0.1], [0.1, 0.8], [0.9, 0.1]];
  const truth = [[1, 0], [1, 0], [0, 0], [0, 0]];
  const counting = [[1, 1], [1, 1], [1, 1], [0, 1]];
  const interleave = (values: readonly number[][]) =>
    Float32Array.from(values.flat().flatMap((value) => [0, value]));
  const batch = {
    logMel: Float32Array.from({ length: B * T * M }, (_, i) => i),
    targets: interleave(truth),
    weights: interleave(counting),
    shape: { B, T, M, S, K },
  };
  const scored = { batches: [batch], scores: [interleave(ofEvent)] };
  assert.deepEqual(countWindows(scored, { event: 1, threshold: 0.5 }), {
    truePositives: 1,
    falsePositives: 1,
    falseNegatives: 1,
    trueNegatives: 1,
  });
  const windows = exampleWindows(scored, { event: 1, count: 3 });
  assert.deepEqual(windows.map(({ targets }) => targets.includes(1)), [true, true, false]);
  assert.deepEqual([...windows[1]!.logMel.data.slice(0, 2)], [8, 9]);
  assert.deepEqual([...windows[0]!.scores].map((score) => Math.round(10 * score)), [9, 1]);
});
