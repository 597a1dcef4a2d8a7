import assert from "node:assert/strict";
import { createRandom } from "lib/base/numbers/random.ts";
import { parametersOf } from "lib/learning/model/architecture.ts";
import { embedClips, trunkDescriber } from "lib/learning/train/clip_embeddings.ts";
import { crossValidate } from "lib/learning/train/cross_validation.ts";
import { loadEngine } from "lib/learning/train/engine.ts";
import { embeddingLearner, trainingLearner } from "lib/learning/train/fold_learners.ts";
import { fitLogistic } from "lib/learning/train/logistic_regression.ts";
import { initialState } from "lib/learning/train/network.ts";
import { architectureOf } from "lib/learning/train/train_model.ts";
import { readTrunk } from "lib/learning/train/trunk.ts";
import { hasNativeTensorFlow } from "tests/requirements.ts";
import { TINY_CONFIG, toneClips } from "tests/learning/train/tone_clips.ts";

/** Two clouds of vectors, the first of positives. */
function clouds(count: number, distance: number): { vectors: Float32Array[]; positives: boolean[] } {
  const random = createRandom("clouds");
  const positives = Array.from({ length: count }, (_, i) => i % 4 === 0);
  const vectors = positives.map((positive) =>
    Float32Array.from({ length: 6 }, (_, d) => random.normal() + (positive && d < 3 ? distance : 0))
  );
  return { vectors, positives };
}

Deno.test("fitLogistic() finds the direction in which classes differ, whatever the units and the imbalance", () => {
  const { vectors, positives } = clouds(400, 2);
  const scaled = vectors.map((vector) => vector.map((value, d) => value * 10 ** d + 1000));
  for (const rows of [vectors, scaled]) {
    const classifier = fitLogistic(rows, positives);
    const right = rows.filter((row, i) => (classifier.score(row) >= 0.5) === positives[i]).length;
    // The best possible: a normal deviate below half the distance of the centres, sqrt(3).
    assert.ok(right / 400 > 0.93, `${right} of 400`);
  }
  assert.throws(() => fitLogistic(vectors, positives.map(() => true)), /one of them is empty/);
});

Deno.test("fitLogistic() reaches the minimum: the gradient of its loss is 0", () => {
  const { vectors, positives } = clouds(200, 1);
  const options = { penalty: 0.2, iterations: 400 };
  const score = fitLogistic(vectors, positives, options);
  // Shifting both classes' mean error by the constant, which has no penalty, must cancel out.
  const mean = (wanted: boolean) => {
    const errors = vectors.flatMap((row, i) =>
      positives[i] === wanted ? [score.score(row) - Number(wanted)] : []
    );
    return errors.reduce((sum, error) => sum + error, 0) / errors.length;
  };
  assert.ok(Math.abs(mean(true) + mean(false)) < 1e-5, `${mean(true) + mean(false)}`);
});

Deno.test("crossValidate() lets no clip be scored by what learnt from it or from its recording", async () => {
  const clips = Array.from({ length: 60 }, (_, i) => ({
    group: `g${Math.floor(i / 3)}`,
    ...(i % 6 < 3 ? { event: "x" } : {}),
  }));
  let learnt = 0;
  const seen: number[] = [];
  const { scores } = await crossValidate(clips, {
    learn(training, held, name) {
      learnt++;
      assert.match(name, /^s\/[01]\/[0-3]$/);
      const groups = new Set(training.map((index) => clips[index]!.group));
      for (const index of held) assert.ok(!groups.has(clips[index]!.group));
      assert.equal(training.length + held.length, 60);
      seen.push(...held);
      return Promise.resolve(held.map((index) => index));
    },
  }, { folds: 4, repeats: 2, seed: "s" });
  assert.equal(learnt, 8);
  assert.deepEqual([...scores], [...clips.keys()], "each is in its place, and the mean of the repeats");
  assert.equal(seen.length, 120);
});

Deno.test("crossValidate() with embeddings ranks clips with a wrong label first", async () => {
  const { vectors, positives } = clouds(200, 3);
  const wrong = new Set([0, 4, 9, 33, 77, 101]);
  const labels = positives.map((positive, i) => positive !== wrong.has(i));
  const clips = labels.map((positive, i) => ({ group: `g${i}`, ...(positive ? { event: "x" } : {}) }));
  const { scores } = await crossValidate(clips, embeddingLearner(vectors, labels), { seed: 1 });
  const doubt = (i: number) => labels[i] ? 1 - scores[i]! : scores[i]!;
  const first = [...clips.keys()].sort((a, b) => doubt(b) - doubt(a)).slice(0, 20);
  assert.ok(first.filter((i) => wrong.has(i)).length >= 5, first.join(" "));
});

Deno.test({
  name: "embedClips() and trainingLearner() tell tones from noise by clips that were held out",
  ignore: !(await hasNativeTensorFlow()),
  fn: async () => {
    const { positives, negatives } = toneClips();
    const clips = [...positives, ...negatives];
    const engine = await loadEngine("native");
    const architecture = architectureOf(TINY_CONFIG, 1);
    const { optimizer: { weights } } = initialState(architecture, 1);
    let at = 0;
    const arrays = Object.fromEntries(
      parametersOf(architecture).map(({ name, shape, trained, start }) => {
        const size = shape.reduce((product, n) => product * n, 1);
        const value = start.kind === "constant" ? start.value : 0;
        return [name, trained ? weights.slice(at, at += size) : new Float32Array(size).fill(value)];
      }),
    );
    const embeddings = await embedClips(
      trunkDescriber(engine.tf, { architecture, weights: arrays, features: TINY_CONFIG.features }),
      clips,
    );
    assert.equal(embeddings[0]!.length, 2 * 8 + 3 * 64);
    assert.ok(embeddings.every((vector) => vector.every(Number.isFinite)));
    const light = await crossValidate(
      clips,
      embeddingLearner(embeddings, clips.map(({ event }) => event !== undefined)),
      { folds: 3, seed: 1 },
    );
    const full = await crossValidate(
      clips,
      trainingLearner(clips, { event: "beep", engine, config: TINY_CONFIG, threads: 0, now: () => 0 }),
      { folds: 2, seed: 1 },
    );
    for (const { scores } of [light, full]) {
      const mean = (from: number, to: number) =>
        scores.slice(from, to).reduce((sum, score) => sum + score, 0) / (to - from);
      assert.ok(mean(0, 8) > mean(8, 24) + 0.3, `${mean(0, 8)} against ${mean(8, 24)}`);
    }
  },
});

Deno.test("readTrunk() reads the network that trainings start from, and refuses what has no weights", async () => {
  const trunk = await readTrunk("models/base");
  for (const { name, shape } of parametersOf(trunk.architecture)) {
    assert.equal(trunk.weights[name]?.length, shape.reduce((product, n) => product * n, 1), name);
  }
  await assert.rejects(readTrunk("models"), /manifest\.json/);
});
