import assert from "node:assert/strict";
import { join } from "node:path";
import { openPackage } from "lib/learning/model_package/open_package.ts";
import { readCheckpoint } from "lib/learning/train/checkpoint_file.ts";
import { loadEngine } from "lib/learning/train/engine.ts";
import { initialState } from "lib/learning/train/network.ts";
import { configAsJson, type TrainConfig } from "lib/learning/train/train_config.ts";
import {
  architectureOf,
  type TrainedModel,
  type TrainJob,
  trainModel,
} from "lib/learning/train/train_model.ts";
import type { ModelCheckpoint } from "lib/learning/train/trained_network.ts";
import { dataFingerprint } from "lib/learning/train/training_data.ts";
import { readWeights, startFrom } from "lib/learning/train/weights_file.ts";
import { enginePresent } from "tests/requirements.ts";
import { TINY_CONFIG, toneClips } from "tests/learning/train/tone_clips.ts";

const { positives, negatives } = toneClips();
const events = [{ event: "beep", positives }];

async function job(dir: string, more: Partial<TrainJob> = {}): Promise<TrainJob> {
  const engine = await loadEngine(await enginePresent());
  return {
    name: "beep",
    dir,
    events,
    negatives,
    config: TINY_CONFIG,
    engine,
    threads: 0,
    now: () => 0,
    ...more,
  };
}

async function run(
  task: TrainJob,
  stopAfter = Infinity,
): Promise<{ checkpoints: ModelCheckpoint[]; model?: TrainedModel }> {
  const checkpoints: ModelCheckpoint[] = [];
  const training = trainModel(task);
  for (let turn = await training.next();; turn = await training.next()) {
    if (turn.done) return { checkpoints, model: turn.value };
    checkpoints.push(turn.value);
    if (checkpoints.length === stopAfter) {
      await training.return(undefined as unknown as TrainedModel);
      return { checkpoints };
    }
  }
}

Deno.test("trainModel() learns a tone, exports it equal to the trained scores and writes a package that opens", async () => {
  const root = await Deno.makeTempDir();
  try {
    const dir = join(root, "beep");
    const { checkpoints, model } = await run(await job(dir, { now: () => Date.UTC(2026, 0, 2, 3, 4) }));
    assert.equal(checkpoints.length, 3);
    const last = checkpoints[2]!.epochs;
    assert(last[2]!.loss < last[0]!.loss);
    const { averagePrecision, baseline } = last.findLast((epoch) => epoch.best)!.validation;
    assert(
      averagePrecision > 0.5 && averagePrecision > 3 * baseline,
      `${averagePrecision} against ${baseline}`,
    );
    assert(model!.exportDifference <= 1e-4);
    const { manifest } = await openPackage(dir);
    assert.deepEqual(manifest.eventNames, ["beep"]);
    assert.equal(manifest.metrics["validationAveragePrecision"], averagePrecision);
    assert.match(await Deno.readTextFile(join(dir, "MODEL_CARD.md")), /beep \| 8 \| 8/);
    const { finished } = JSON.parse(await Deno.readTextFile(join(dir, "training.json")));
    assert.equal(finished, "2026-01-02T03:04:00.000Z");
    await assert.rejects(run(await job(dir)), /exists already/);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test("trainModel() goes on from its checkpoint as if it had never stopped", async () => {
  const root = await Deno.makeTempDir();
  try {
    const whole = await run(await job(join(root, "whole")));
    const checkpointPath = join(root, "checkpoint");
    const parts = await job(join(root, "parts"), { checkpointPath });
    await run(parts, 2);
    const owner = {
      config: { ...configAsJson(TINY_CONFIG), base: null },
      dataFingerprint: dataFingerprint(events, negatives),
    };
    const kept = (await readCheckpoint(checkpointPath, owner))!;
    assert.equal(kept.epochs.length, 2);
    assert.deepEqual(kept.network, whole.checkpoints[1]!.network, "bit for bit what it was");
    const resumed = await run({ ...parts, resume: true });
    assert.equal(resumed.checkpoints.length, 1);
    const [a, b] = [resumed.checkpoints[0]!.epochs[2]!, whole.checkpoints[2]!.epochs[2]!];
    assert(Math.abs(a.loss - b.loss) < 1e-5);
    assert.equal(await Deno.stat(checkpointPath).then(() => true, () => false), false, "removed when done");
    const other: TrainConfig = { ...TINY_CONFIG, seed: 6 };
    await run({ ...parts, dir: join(root, "again") }, 1);
    await assert.rejects(
      run({ ...parts, dir: join(root, "other"), config: other, resume: true }),
      /other clips or settings \(seed: .*5.*, now .*6.*\); use the same ones, or leave out --resume/,
    );
    const bases = [{ name: "hum", weights: {} }];
    await assert.rejects(
      run({ ...parts, dir: join(root, "other"), bases, resume: true }),
      /settings \(base: null, now "hum"\);/,
    );
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test("trainModel() starts its networks from several models in turn", async () => {
  const root = await Deno.makeTempDir();
  try {
    const architecture = architectureOf(TINY_CONFIG, 1);
    const bases = [1, 2].map((seed) => {
      const kernel = initialState(architecture, seed).optimizer.weights.slice(0, 36);
      return { name: `base-${seed}`, weights: { "conv1/kernel": kernel } };
    });
    // Without a rate nothing moves, so that the end still shows the beginning.
    const config = { ...TINY_CONFIG, networks: 3, epochs: 1, schedule: { peakRate: 0, warmUp: 0.2 } };
    const { checkpoints, model } = await run(await job(join(root, "beep"), { config, bases }));
    const last = checkpoints.at(-1)!;
    const ends = [...last.finished.map(({ weights }) => weights), last.bestWeights];
    ends.forEach((end, k) => {
      const start = bases[k % 2]!.weights["conv1/kernel"];
      const moved = end["conv1/kernel"]!.map((value, i) => Math.abs(value - start[i]!));
      assert(Math.max(...moved) < 1e-5, `network ${k}`);
    });
    assert.equal(model!.manifest.training["base"], "base-1, base-2");
    const single = await run(
      await job(join(root, "single"), { config: { ...config, networks: 1 }, bases }),
    );
    assert.equal(single.model!.manifest.training["base"], "base-1", "what it started from");
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test("trainModel() starts from another model's weights wherever layers agree", async () => {
  const root = await Deno.makeTempDir();
  try {
    const dir = join(root, "base");
    const first = await run(await job(dir));
    const weights = await readWeights(dir);
    assert.deepEqual(weights, first.checkpoints.at(-1)!.bestWeights, "the package keeps them");
    const architecture = architectureOf(TINY_CONFIG, 2);
    const { state, share } = startFrom(architecture, initialState(architecture, 1), weights);
    assert(share > 0.95 && share < 1, "all but the last layer");
    assert.deepEqual(state.optimizer.weights.subarray(0, 36), weights["conv1/kernel"]);
    const again = await run(await job(join(root, "tuned"), { bases: [{ name: "base", weights }] }));
    assert(
      again.checkpoints[0]!.epochs[0]!.loss < first.checkpoints[0]!.epochs[0]!.loss,
      "it begins ahead",
    );
    assert.equal(again.model!.manifest.training["base"], "base");
    await Deno.writeFile(join(dir, "weights.bin"), new Uint8Array(10));
    await assert.rejects(readWeights(dir), /damaged/);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test("trainModel() that is interrupted keeps the best epoch so far", async () => {
  const root = await Deno.makeTempDir();
  try {
    const controller = new AbortController();
    const onStep = ({ step }: { step: number }): void => {
      if (step === 11) controller.abort();
    };
    const { checkpoints, model } = await run(
      await job(join(root, "cut"), { signal: controller.signal, onStep }),
    );
    assert.equal(checkpoints.length, 1);
    assert.equal(model!.manifest.metrics["epochs"], 1);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test({
  name: "trainModel() puts several networks into one model, and goes on in the one that was being trained",
  fn: async () => {
    const root = await Deno.makeTempDir();
    try {
      const config: TrainConfig = { ...TINY_CONFIG, networks: 2 };
      const whole = await run(await job(join(root, "whole"), { config }));
      assert.deepEqual(
        whole.checkpoints.at(-1)!.finished.length,
        1,
        "the second network is trained after the first",
      );
      assert.equal(whole.checkpoints.length, 2 * config.epochs);
      assert(whole.model!.exportDifference < 1e-4, "the model's scores are the mean of both");
      assert.equal(whole.model!.manifest.metrics["networks"], 2);
      assert.notDeepEqual(whole.checkpoints[2]!.bestWeights, whole.checkpoints[5]!.bestWeights);
      const checkpointPath = join(root, "checkpoint");
      const parts = await job(join(root, "parts"), { config, checkpointPath });
      await run(parts, 4);
      const resumed = await run({ ...parts, resume: true });
      assert.equal(resumed.checkpoints.length, 2);
      assert.equal(resumed.model!.manifest.modelSha256, whole.model!.manifest.modelSha256);
    } finally {
      await Deno.remove(root, { recursive: true });
    }
  },
});

Deno.test("trainModel() that is interrupted before the second network's first step keeps the first once", async () => {
  const root = await Deno.makeTempDir();
  try {
    const config: TrainConfig = { ...TINY_CONFIG, networks: 2 };
    const stop = new AbortController();
    let calls = 0;
    // Asked when a network begins and after each of its epochs.
    const now = (): number => {
      if (++calls === 1 + config.epochs + 1) stop.abort();
      return 0;
    };
    const { model } = await run(await job(join(root, "cut"), { config, now, signal: stop.signal }));
    assert.equal(model!.manifest.metrics["networks"], 1);
    assert.equal(model!.manifest.metrics["epochs"], config.epochs);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test({
  name: "trainModel() that is interrupted in the second network keeps the first alone",
  fn: async () => {
    const root = await Deno.makeTempDir();
    try {
      const config: TrainConfig = { ...TINY_CONFIG, networks: 2 };
      const stop = new AbortController();
      const onStep = ({ step }: { step: number }): void => {
        if (step === 3 * 8 + 12) stop.abort();
      };
      const { model } = await run(await job(join(root, "cut"), { config, onStep, signal: stop.signal }));
      const one = await run(await job(join(root, "one")));
      assert.equal(model!.manifest.metrics["networks"], 1);
      assert.equal(model!.manifest.modelSha256, one.model!.manifest.modelSha256);
    } finally {
      await Deno.remove(root, { recursive: true });
    }
  },
});

Deno.test("trainModel() says how many clips are needed", async () => {
  const few = await job("never-written", { events: [{ event: "beep", positives: positives.slice(0, 2) }] });
  await assert.rejects(run(few), /Too few clips of beep: 2, training needs at least 4/);
  await assert.rejects(run({ ...few, events, negatives: [] }), /Too few negative clips: 0/);
});
