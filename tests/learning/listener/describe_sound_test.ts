import assert from "node:assert/strict";
import { join } from "node:path";
import type * as tfjs from "@tensorflow/tfjs";
import { createRandom } from "lib/base/numbers/random.ts";
import { openSoundDescriber } from "lib/learning/detect/describe_sound.ts";
import { loadNetwork } from "lib/learning/detect/network.ts";
import { EMBEDDING_LAYER, MIDDLE_LAYER } from "lib/learning/listener/listener_network.ts";
import { listenerPackage } from "lib/learning/listener/listener_package.ts";
import { readTfliteLayers } from "lib/learning/listener/tflite_file.ts";
import { YAMNET_FEATURES, yamnetNetwork } from "lib/learning/listener/yamnet.ts";
import { parametersOf } from "lib/learning/model/architecture.ts";
import { forward } from "lib/learning/model/forward.ts";
import { openPackage } from "lib/learning/model_package/open_package.ts";
import { writePackage } from "lib/learning/model_package/write_package.ts";
import { loadEngine } from "lib/learning/train/engine.ts";
import { openDescriber } from "lib/learning/train/open_describer.ts";
import { writeTinyYamnet } from "tests/learning/listener/tiny_yamnet.ts";
import { writeToneModel } from "tests/learning/model_package/tone_model.ts";
import { enginePresent } from "tests/requirements.ts";
import { inTemporaryFolder } from "tests/temporary_folder.ts";

const FILE = writeTinyYamnet(15);

async function withListener(run: (dir: string, folder: string) => Promise<void>): Promise<void> {
  await inTemporaryFolder(async (folder) => {
    const dir = join(folder, "listener");
    await writePackage(dir, listenerPackage(FILE, { origin: "test", sha256: "0".repeat(64) }).content);
    await run(dir, folder);
  });
}

for (
  const { output, name, width } of [
    { output: "embeddings", name: EMBEDDING_LAYER, width: 128 },
    { output: "middle", name: MIDDLE_LAYER, width: 64 * 4 },
  ] as const
) {
  Deno.test(`embed() gives ${output}, the values of the listener's layer "${name}", as TensorFlow.js computes them`, () =>
    withListener(async (dir) => {
      const { tf } = await loadEngine(await enginePresent());
      const network = yamnetNetwork(readTfliteLayers(FILE));
      const last = network.architecture.layers.findIndex((layer) => layer.name === name);
      const architecture = {
        ...network.architecture,
        layers: network.architecture.layers.slice(0, last + 1),
      };
      const random = createRandom("embed");
      const logMel = Float32Array.from({ length: 160 * YAMNET_FEATURES.nMels }, () => random.normal() - 3);
      const expected = tf.tidy(() => {
        const weights = Object.fromEntries(
          parametersOf(architecture).map((
            { name, shape },
          ) => [name, tf.tensor(network.weights[name]!, [...shape])]),
        );
        const x = tf.tensor3d(logMel, [1, 160, YAMNET_FEATURES.nMels]);
        const values: tfjs.Tensor = forward(tf, architecture, { weights, logMel: x });
        // Channels before bands.
        return (values.rank === 4 ? tf.transpose(values, [0, 1, 3, 2]) : values).dataSync();
      });
      const values = await (await loadNetwork(await openPackage(dir))).embed(logMel.slice(), output);
      assert.equal(values.length, 10 * width);
      values.forEach((value, i) => assert(Math.abs(value - expected[i]!) < 1e-3, `${value} ${expected[i]}`));
    }));
}

Deno.test("openSoundDescriber() describes like sounds alike, at any rate, and others otherwise", () =>
  withListener(async (dir) => {
    const describe = await openSoundDescriber(dir);
    const tone = (frequency: number, sampleRate: number) => {
      const wave = (_: unknown, n: number) => 0.3 * Math.sin(2 * Math.PI * frequency * n / sampleRate);
      return describe(Float32Array.from({ length: 1.5 * sampleRate }, wave), sampleRate);
    };
    const [low, same, high] = [await tone(400, 16_000), await tone(400, 44_100), await tone(3000, 16_000)];
    assert.equal(low.length, 2 * 128);
    const apart = (a: Float32Array, b: Float32Array) =>
      Math.hypot(...a.map((value, i) => value - b[i]!)) / Math.hypot(...a);
    assert(3 * apart(low, same) < apart(low, high), `${apart(low, same)}, ${apart(low, high)}`);
  }));

Deno.test("a model without such values is refused by name", () =>
  withListener(async (_, folder) => {
    const dir = join(folder, "tone");
    await writeToneModel(dir);
    const describe = await openSoundDescriber(dir);
    await assert.rejects(describe(new Float32Array(16_000), 16_000), /tone: its network gives no values/);
  }));

Deno.test("openDescriber() takes the listener without TensorFlow.js", () =>
  withListener(async (dir) => {
    const describer = await openDescriber(dir, () => Promise.reject(new Error("no engine is needed")));
    const frames = 10 * describer.frameStride;
    const values = await describer.describe(new Float32Array(frames * describer.features.nMels));
    assert.equal(values.length, 10 * 128);
    describer.close();
  }));
