import assert from "node:assert/strict";
import { join } from "node:path";
import { loadEngine } from "lib/learning/train/engine.ts";
import type { WeightArrays } from "lib/learning/train/network.ts";
import { type TrainJob, trainModel } from "lib/learning/train/train_model.ts";
import { QUICK_TRAINING, trainingFrom } from "lib/learning/train/trunk_training.ts";
import { readWeights } from "lib/learning/train/weights_file.ts";
import { tinyListener } from "tests/learning/listener/tiny_listener.ts";
import { hasNativeTensorFlow } from "tests/requirements.ts";
import { inTemporaryFolder } from "tests/temporary_folder.ts";
import { TINY_CONFIG, toneClips } from "tests/learning/train/tone_clips.ts";

const { content, network } = tinyListener();
const { positives, negatives } = toneClips();
const config = {
  ...trainingFrom(content.manifest),
  ...QUICK_TRAINING,
  ...{
    epochs: 3,
    stepsPerEpoch: 4,
    batchSize: 4,
    keptWindows: 16,
    validationWindows: 8,
    seed: TINY_CONFIG.seed,
  },
};

async function train(dir: string, more: Partial<TrainJob>, stopAfter = Infinity): Promise<WeightArrays> {
  const training = trainModel({
    name: "beep",
    dir,
    events: [{ event: "beep", positives }],
    negatives,
    config,
    threads: 0,
    engine: await loadEngine("native"),
    bases: [{ name: "listener", weights: network.weights }],
    now: () => 0,
    ...more,
  });
  for (let epoch = 1; epoch <= stopAfter; epoch++) {
    if ((await training.next()).done) return await readWeights(dir);
  }
  await training.return(undefined as never);
  return {};
}

Deno.test({
  name: "a quick training goes on from its checkpoint as if it had never stopped",
  ignore: !(await hasNativeTensorFlow()),
  fn: () =>
    inTemporaryFolder(async (root) => {
      const whole = await train(join(root, "whole"), {});
      const checkpointPath = join(root, "checkpoint");
      await train(join(root, "parts"), { checkpointPath }, 2);
      let steps = 0;
      const parts = await train(join(root, "parts"), {
        checkpointPath,
        resume: true,
        onStep: () => void steps++,
      });
      assert.equal(steps, 4, "the last of three epochs");
      assert.deepEqual(parts, whole);
    }),
});
