import type { Tensor1D } from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { createRandom } from "lib/base/numbers/random.ts";
import { stagesOfWidth, studentNetwork, taughtNetwork, taughtWeights } from "lib/learning/distil/student.ts";
import { listenerNetwork } from "lib/learning/listener/listener_network.ts";
import { parametersOf } from "lib/learning/model/architecture.ts";
import { forward } from "lib/learning/model/forward.ts";
import { MOBILENET_V1 } from "lib/learning/model/mobilenet.ts";
import { loadEngine } from "lib/learning/train/engine.ts";
import { createNetwork, initialState, takeValues, type WeightArrays } from "lib/learning/train/network.ts";
import { createTrainingOps } from "lib/learning/model/tensor_ops.ts";
import { enginePresent } from "tests/requirements.ts";

Deno.test("stagesOfWidth() keeps strides and takes a share of the channels, eight at least", () => {
  assert.deepEqual(stagesOfWidth(1), MOBILENET_V1);
  assert.deepEqual(stagesOfWidth(0.5).map(({ filters }) => filters).slice(0, 3), [16, 32, 64]);
  assert.equal(stagesOfWidth(0.01)[0]!.filters, 8);
});

Deno.test("taughtWeights() folds normalisation and leaves the embedding out: the same class scores", async () => {
  const { tf } = await loadEngine(await enginePresent());
  const sizes = { nMels: 64, stages: stagesOfWidth(0.05), classes: 3, channels: 5 };
  const student = studentNetwork(sizes);
  const random = createRandom(1);
  const weights: WeightArrays = Object.fromEntries(
    parametersOf(student).map(({ name, shape }) => [
      name,
      // Variances must be positive.
      Float32Array.from(
        { length: shape.reduce((a, b) => a * b, 1) },
        () => name.endsWith("/variance") ? random.uniform(0.5, 2) : 0.4 * random.normal(),
      ),
    ]),
  );
  const folded = taughtWeights(sizes, weights);
  assert.deepEqual(
    Object.keys(folded).sort(),
    parametersOf(taughtNetwork(sizes)).map(({ name }) => name).sort(),
  );
  const logMel = Float32Array.from({ length: 128 * 64 }, () => random.normal());
  const plain = listenerNetwork({ nMels: 64, stages: sizes.stages, outputs: 3, steps: "strided" });
  const [expected, found] = await Promise.all(
    ([[student, weights], [plain, folded]] as const).map(([architecture, arrays]) =>
      takeValues(tf.tidy(() =>
        forward(tf, architecture, {
          weights: Object.fromEntries(
            parametersOf(architecture).map((p) => [p.name, tf.tensor(arrays[p.name]!, [...p.shape])]),
          ),
          logMel: tf.tensor3d(logMel, [1, 128, 64]),
        })
      ))
    ),
  );
  const classes = expected!.filter((_, i) => i % 8 < 3);
  assert.equal(found!.length, 4 * 3);
  const largest = Math.max(...classes.map((value, i) => Math.abs(value - found![i]!)));
  assert(largest < 1e-4 * Math.max(...classes.map(Math.abs)), `they differ by ${largest}`);
});

Deno.test("settledWeights() has the statistics of the averaged weights: a batch scores as it does in training", async () => {
  const { tf } = await loadEngine(await enginePresent());
  const student = studentNetwork({ nMels: 64, stages: stagesOfWidth(0.05), classes: 3, channels: 5 });
  const random = createRandom("settled");
  const [B, T, M, S, K] = [4, 128, 64, 4, 8];
  const batch = {
    shape: { B, T, M, S, K },
    logMel: Float32Array.from({ length: B * T * M }, () => 3 + 2 * random.normal()),
    targets: new Float32Array(B * S * K).fill(0.5),
    weights: new Float32Array(B * S * K).fill(1),
  };
  const network = createNetwork(tf, student, { state: initialState(student, 1) });
  // The weights move, and running statistics lag behind.
  for (let i = 0; i < 3; i++) await network.step(batch, { learningRate: 0.01, random });
  const score = (arrays: WeightArrays, isTraining: boolean): Promise<Float32Array> =>
    takeValues(tf.tidy(() =>
      forward(tf, student, {
        weights: Object.fromEntries(
          parametersOf(student).map((p) => [p.name, tf.tensor(arrays[p.name]!, [...p.shape])]),
        ),
        logMel: tf.tensor3d(batch.logMel, [B, T, M]),
        ...isTraining && {
          training: {
            ops: createTrainingOps(tf),
            dropoutNoise: (count: number) => new Float32Array(count),
            onStatistics: (_: string, ...tensors: Tensor1D[]) => tf.dispose(tensors),
          },
        },
      })
    ));
  const [settled, running] = [await network.settledWeights([batch, batch]), await network.weights()];
  network.dispose();
  const expected = await score(settled, true);
  const furthest = (scores: Float32Array) =>
    scores.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i]!)), 0);
  const lag = furthest(await score(running, false));
  const left = furthest(await score(settled, false));
  // Variances are estimates for all sound, above those of so small a batch.
  assert.ok(left < 0.2 * lag, `${left} is left of ${lag}`);
});
