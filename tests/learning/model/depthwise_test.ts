import assert from "node:assert/strict";
import type * as tfjs from "@tensorflow/tfjs";
import { createRandom } from "lib/base/numbers/random.ts";
import type { TrainingPass } from "lib/learning/model/layer.ts";
import { depthwise } from "lib/learning/model/layers/depthwise.ts";
import { createTrainingOps, type TensorFlow } from "lib/learning/model/tensor_ops.ts";
import { loadEngine } from "lib/learning/train/engine.ts";
import { hasNativeTensorFlow } from "tests/requirements.ts";

const SHAPE: [number, number, number, number] = [2, 8, 6, 3];
const random = createRandom("depthwise");
const IMAGE = Float32Array.from({ length: 2 * 8 * 6 * 3 }, () => random.normal());
const KERNEL = Float32Array.from({ length: 3 * 3 * 3 }, () => random.normal());
const BIAS = Float32Array.of(0.3, -0.2, 0.1);

/** A convolution written out: before ReLU, [B, T', F', C]. */
function convolve(stride: number, kernel: Float32Array, image: Float32Array): number[] {
  const [B, T, F, C] = SHAPE;
  // "Same" padding: with a stride of 2 and even sizes, nothing before and one after.
  const before = stride === 2 ? 0 : 1;
  const out: number[] = [];
  for (let b = 0; b < B; b++) {
    for (let t = 0; t < T; t += stride) {
      for (let f = 0; f < F; f += stride) {
        for (let c = 0; c < C; c++) {
          let sum = BIAS[c]!;
          for (let i = 0; i < 3; i++) {
            for (let j = 0; j < 3; j++) {
              const [row, band] = [t - before + i, f - before + j];
              if (row < 0 || row >= T || band < 0 || band >= F) continue;
              sum += kernel[(i * 3 + j) * C + c]! * image[((b * T + row) * F + band) * C + c]!;
            }
          }
          out.push(Math.max(0, sum));
        }
      }
    }
  }
  return out;
}

const squares = (values: readonly number[]): number => values.reduce((sum, value) => sum + value * value, 0);

/** Gradient of the sum of squares by the kernel, from differences. */
function differences(stride: number): number[] {
  return Array.from(KERNEL, (_, i) => {
    const moved = (by: number) => {
      const kernel = Float64Array.from(KERNEL) as unknown as Float32Array;
      kernel[i] = kernel[i]! + by;
      return squares(convolve(stride, kernel, IMAGE));
    };
    return (moved(1e-5) - moved(-1e-5)) / 2e-5;
  });
}

function check(tf: TensorFlow, stride: number): void {
  const layer = depthwise({ name: "d", filters: 3, kernel: [3, 3], stride: [stride, stride] });
  const training: TrainingPass = {
    ops: createTrainingOps(tf),
    dropoutNoise: (count) => new Float32Array(count),
    onStatistics: () => {},
  };
  const run = (kernel: tfjs.Tensor, pass: TrainingPass | undefined): tfjs.Tensor =>
    layer.forward(tf, tf.tensor4d(IMAGE, SHAPE), {
      weights: { "d/kernel": kernel, "d/bias": tf.tensor1d(BIAS) },
      training: pass,
    });
  const kernel = tf.tensor4d(KERNEL, [3, 3, 3, 1]);
  const expected = convolve(stride, KERNEL, IMAGE);
  for (const pass of [undefined, training]) {
    const values = run(kernel, pass).dataSync();
    assert.equal(values.length, expected.length);
    values.forEach((value, i) => assert(Math.abs(value - expected[i]!) < 1e-4, `${value} ${expected[i]}`));
  }
  const gradient = tf.grad((k: tfjs.Tensor) => tf.sum(tf.square(run(k, training))))(kernel).dataSync();
  differences(stride).forEach((value, i) => {
    assert(Math.abs(value - gradient[i]!) < 1e-2 * (1 + Math.abs(value)), `${value} ${gradient[i]}`);
  });
}

for (const engine of ["native", "wasm"] as const) {
  Deno.test({
    name: `depthwise() computes and learns on the ${engine} engine`,
    ignore: engine === "native" && !await hasNativeTensorFlow(),
    async fn() {
      const { tf } = await loadEngine(engine);
      tf.tidy(() => {
        check(tf, 1);
        check(tf, 2);
      });
    },
  });
}

Deno.test("depthwise() learns on the wasm engine within a few times the memory of its input", async () => {
  const { tf } = await loadEngine("wasm");
  const layer = depthwise({ name: "d", filters: 16, kernel: [3, 3], stride: [1, 1] });
  const training: TrainingPass = {
    ops: createTrainingOps(tf),
    dropoutNoise: (count) => new Float32Array(count),
    onStatistics: () => {},
  };
  const image = tf.ones([4, 32, 16, 16]);
  const [kernel, bias] = [tf.ones([3, 3, 16, 1]), tf.zeros([16])];
  const before = tf.memory().numBytes;
  const { peakBytes } = await tf.profile(() =>
    tf.tidy(() =>
      tf.grad((k: tfjs.Tensor) =>
        tf.sum(layer.forward(tf, image, { weights: { "d/kernel": k, "d/bias": bias }, training }))
      )(kernel)
    )
  );
  tf.dispose([image, kernel, bias]);
  const times = (peakBytes - before) / (4 * 32 * 16 * 16 * 4);
  assert(times < 30, `${times.toFixed(1)} times the input`);
});
