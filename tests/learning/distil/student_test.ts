import assert from "node:assert/strict";
import { createRandom } from "lib/base/numbers/random.ts";
import { stagesOfWidth, studentNetwork, taughtNetwork, taughtWeights } from "lib/learning/distil/student.ts";
import { listenerNetwork } from "lib/learning/listener/listener_network.ts";
import { parametersOf } from "lib/learning/model/architecture.ts";
import { forward } from "lib/learning/model/forward.ts";
import { MOBILENET_V1 } from "lib/learning/model/mobilenet.ts";
import { loadEngine } from "lib/learning/train/engine.ts";
import { takeValues, type WeightArrays } from "lib/learning/train/network.ts";
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
