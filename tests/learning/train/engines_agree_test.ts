import assert from "node:assert/strict";
import { join } from "node:path";
import { createRandom } from "lib/base/numbers/random.ts";
import { makeBatch } from "lib/learning/dataset/batch.ts";
import { frameStride } from "lib/learning/model/architecture.ts";
import type { TensorFlow } from "lib/learning/model/tensor_ops.ts";
import { type EngineName, ENGINES, loadEngine } from "lib/learning/train/engine.ts";
import { createNetwork, initialState } from "lib/learning/train/network.ts";
import type { TrainConfig } from "lib/learning/train/train_config.ts";
import { architectureOf, trainModel } from "lib/learning/train/train_model.ts";
import { splitClips } from "lib/learning/train/training_data.ts";
import { hasNativeTensorFlow, hasWebGpu } from "tests/requirements.ts";
import { TINY_CONFIG, toneClips } from "tests/learning/train/tone_clips.ts";

const PRESENT: Readonly<Record<EngineName, boolean>> = {
  native: await hasNativeTensorFlow(),
  webgpu: await hasWebGpu(),
  wasm: true,
};

const { positives, negatives } = toneClips();
const EVENTS = [{ event: "beep", positives }];
/** Plain JavaScript and software drivers have seconds for it. */
const CONFIG: TrainConfig = {
  ...TINY_CONFIG,
  architecture: { ...TINY_CONFIG.architecture, width: 2 },
  batchSize: 2,
  epochs: 1,
  stepsPerEpoch: 3,
  validationWindows: 4,
};

/** Losses of the first five steps on the current engine. */
async function firstLosses(tf: TensorFlow): Promise<number[]> {
  const data = splitClips(EVENTS, negatives, CONFIG);
  const architecture = architectureOf(CONFIG, 1);
  const batchConfig = { ...CONFIG, frameStride: frameStride(architecture) };
  const network = createNetwork(tf, architecture, {
    state: initialState(architecture, CONFIG.seed),
    optimizer: CONFIG.optimizer,
  });
  try {
    const losses: number[] = [];
    for (let index = 0; index < 5; index++) {
      const batch = makeBatch(data.train, batchConfig, { seed: CONFIG.seed, index });
      losses.push(await network.step(batch, { learningRate: 1e-3, random: createRandom(index) }));
    }
    return losses;
  } finally {
    network.dispose();
  }
}

let reference: Promise<number[]> | undefined;

for (const name of ENGINES) {
  Deno.test({
    name: `the ${name} engine has the losses of plain JavaScript in the first five steps`,
    ignore: !PRESENT[name],
    // The graphics driver keeps its device until the process ends.
    sanitizeResources: false,
    fn: async () => {
      const { tf } = await loadEngine(name);
      const found = await firstLosses(tf);
      await tf.setBackend("cpu");
      const expected = await (reference ??= firstLosses(tf));
      expected.forEach((loss, step) =>
        assert(Math.abs(loss - found[step]!) <= 1e-3, `step ${step + 1}: ${found[step]} instead of ${loss}`)
      );
      assert(new Set(found).size === 5 && found.every((loss) => loss > 0));
    },
  });

  Deno.test({
    name: `trainModel() trains on the ${name} engine and exports what it trained`,
    ignore: !PRESENT[name],
    sanitizeResources: false,
    fn: async () => {
      const root = await Deno.makeTempDir();
      try {
        const engine = await loadEngine(name);
        const training = trainModel({
          name: "beep",
          dir: join(root, "beep"),
          events: EVENTS,
          negatives,
          config: CONFIG,
          engine,
          threads: 0,
          now: () => 0,
        });
        let turn = await training.next();
        while (!turn.done) turn = await training.next();
        assert(turn.value.exportDifference <= 1e-4);
        assert.equal(turn.value.manifest.training["engine"], name);
      } finally {
        await Deno.remove(root, { recursive: true });
      }
    },
  });
}
