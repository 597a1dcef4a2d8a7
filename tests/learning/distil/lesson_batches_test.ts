import assert from "node:assert/strict";
import { createRandom } from "lib/base/numbers/random.ts";
import { classWeights, distillationLoss } from "lib/learning/distil/distillation_loss.ts";
import { batchOf, lessonStatistics, shuffledBatch } from "lib/learning/distil/lesson_batches.ts";
import type { LessonWindows } from "lib/learning/distil/lesson_windows.ts";
import { loadEngine } from "lib/learning/train/engine.ts";
import { takeValues } from "lib/learning/train/network.ts";
import { enginePresent } from "tests/requirements.ts";

const shape = { T: 2, M: 1, S: 1, classes: 2, channels: 2 };
/** Four windows of one step; the number of each stands in its spectrogram. */
const windows: LessonWindows = {
  count: 4,
  logMel: Float16Array.of(0, 0, 1, 1, 2, 2, 3, 3),
  scores: Float16Array.of(0.5, 0, 0.5, 0, 0.25, 0, 0.75, 0.125),
  embeddings: Float16Array.of(1, 0, 3, 0, 1, 4, 3, 4),
};

Deno.test("lessonStatistics() gives means, highest scores and the embedding's spread", () => {
  const { meanScores, highestScores, meanEmbedding, spread } = lessonStatistics(windows, shape);
  assert.deepEqual(meanScores, Float32Array.of(0.5, 0.03125));
  assert.deepEqual(highestScores, Float32Array.of(0.75, 0.125));
  assert.deepEqual(meanEmbedding, Float32Array.of(2, 2));
  assert.deepEqual(spread, Float32Array.of(1, 2));
  const quiet = { ...windows, embeddings: Float16Array.of(1, 0, 1, 0, 1, 4, 1, 4) };
  // Of variances 0 and 4, the first counts as a sixteenth of their mean.
  assert(Math.abs(lessonStatistics(quiet, shape).spread[0]! - Math.sqrt(2 / 16)) < 1e-6);
});

Deno.test("batches of one order hold each window once, with embeddings of mean 0 and variance 1", () => {
  const statistics = lessonStatistics(windows, shape);
  const seen = [0, 1].flatMap((index) => {
    const { logMel, shape: sizes } = shuffledBatch(windows, {
      shape,
      statistics,
      batchSize: 2,
      index,
      random: createRandom("order"),
    });
    assert.deepEqual(sizes, { B: 2, T: 2, M: 1, S: 1, K: 4 });
    return [logMel[0]!, logMel[2]!];
  });
  assert.deepEqual(seen.sort(), [0, 1, 2, 3]);
  const { targets } = batchOf(windows, [0, 1, 2, 3], { shape, statistics });
  const values = targets.filter((_, i) => i % 4 >= 2);
  assert(Math.abs(values.reduce((sum, value) => sum + value, 0)) < 1e-5);
  assert(Math.abs(values.reduce((sum, value) => sum + value ** 2, 0) / values.length - 1) < 1e-5);
});

Deno.test("distillationLoss() is 2 for what is right on average, and rare classes weigh more than often ones", async () => {
  const { tf } = await loadEngine(await enginePresent());
  const statistics = lessonStatistics(windows, shape);
  const weights = classWeights({ ...statistics, highestScores: Float32Array.of(1, 1) });
  assert(weights[1]! > weights[0]!);
  assert(classWeights(statistics)[1]! < weights[1]!, "a class that was never heard weighs less");
  const { targets, shape: { B, S, K } } = batchOf(windows, [0, 1, 2, 3], { shape, statistics });
  const logit = (p: number): number => Math.log(p / (1 - p));
  const [often, rare] = statistics.meanScores;
  const outputs = Array.from({ length: B * S }, () => [logit(often!), logit(rare!), 0, 0]).flat();
  const loss = await takeValues(
    tf.tidy(() =>
      distillationLoss(2, weights)(tf, tf.tensor3d(outputs, [B, S, K]), {
        targets: tf.tensor3d(targets, [B, S, K]),
        weights: tf.ones([B, S, K]),
      })
    ),
  );
  assert(Math.abs(loss[0]! - 2) < 1e-4, `${loss[0]}`);
});
