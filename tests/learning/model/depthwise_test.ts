import assert from "node:assert/strict";
import type * as tfjs from "@tensorflow/tfjs";
import { createRandom } from "lib/base/numbers/random.ts";
import type { TrainingPass } from "lib/learning/model/layer.ts";
import { depthwise } from "lib/learning/model/layers/depthwise.ts";
import { createTrainingOps, type TensorFlow } from "lib/learning/model/tensor_ops.ts";
import { type EngineName, ENGINES, loadEngine } from "lib/learning/train/engine.ts";
import { hasNativeTensorFlow, hasWebGpu } from "tests/requirements.ts";

const SHAPE: [number, number, number, number] = [2, 8, 6, 3];
const random = createRandom("depthwise");
const IMAGE = Float32Array.from({ length: 2 * 8 * 6 * 3 }, () => random.normal());
const KERNEL = Float32Array.from({ length: 3 * 3 * 3 }, () => random.normal());
const BIAS = Float32Array.of(0.3, -0.2, 0.1);

/** Steps of a convolution, those of the kernel over time alone. */
interface Steps {
  readonly stride: number;
  readonly dilation: number;
}

/** A convolution written out: before ReLU, [B, T', F', C]. */
function convolve({ stride, dilation }: Steps, kernel: Float32Array, image: Float32Array): number[] {
  const [B, T, F, C] = SHAPE;
  // "Same" padding: with a stride of 2 and even sizes, nothing before and one after.
  const before = stride === 2 ? 0 : 1;
  const past = before * dilation;
  const out: number[] = [];
  for (let b = 0; b < B; b++) {
    for (let t = 0; t < T; t += stride) {
      for (let f = 0; f < F; f += stride) {
        for (let c = 0; c < C; c++) {
          let sum = BIAS[c]!;
          for (let i = 0; i < 3; i++) {
            for (let j = 0; j < 3; j++) {
              const [row, band] = [t - past + i * dilation, f - before + j];
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
function differences(steps: Steps): number[] {
  return Array.from(KERNEL, (_, i) => {
    const moved = (by: number) => {
      const kernel = Float64Array.from(KERNEL) as unknown as Float32Array;
      kernel[i] = kernel[i]! + by;
      return squares(convolve(steps, kernel, IMAGE));
    };
    return (moved(1e-5) - moved(-1e-5)) / 2e-5;
  });
}

async function check(tf: TensorFlow, steps: Steps): Promise<void> {
  const { stride, dilation } = steps;
  const layer = depthwise({ name: "d", filters: 3, kernel: [3, 3], stride: [stride, stride], dilation });
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
  const valuesOf = async (compute: (kernel: tfjs.Tensor) => tfjs.Tensor) => {
    const tensor = tf.tidy(() => compute(tf.tensor4d(KERNEL, [3, 3, 3, 1])));
    try {
      return await tensor.data();
    } finally {
      tensor.dispose();
    }
  };
  const expected = convolve(steps, KERNEL, IMAGE);
  for (const pass of [undefined, training]) {
    const values = await valuesOf((kernel) => run(kernel, pass));
    assert.equal(values.length, expected.length);
    values.forEach((value, i) => assert(Math.abs(value - expected[i]!) < 1e-4, `${value} ${expected[i]}`));
  }
  const loss = (kernel: tfjs.Tensor) => tf.sum(tf.square(run(kernel, training)));
  const gradient = await valuesOf((kernel) => tf.grad(loss)(kernel));
  differences(steps).forEach((value, i) => {
    assert(Math.abs(value - gradient[i]!) < 1e-2 * (1 + Math.abs(value)), `${value} ${gradient[i]}`);
  });
}

const PRESENT: Readonly<Record<EngineName, boolean>> = {
  native: await hasNativeTensorFlow(),
  webgpu: await hasWebGpu(),
  wasm: true,
};

for (const engine of ENGINES) {
  Deno.test({
    name: `depthwise() computes and learns on the ${engine} engine`,
    ignore: !PRESENT[engine],
    // The graphics driver keeps its device until the process ends.
    sanitizeResources: false,
    async fn() {
      const { tf } = await loadEngine(engine);
      await check(tf, { stride: 1, dilation: 1 });
      await check(tf, { stride: 2, dilation: 1 });
      await check(tf, { stride: 1, dilation: 2 });
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
