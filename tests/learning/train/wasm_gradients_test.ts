import assert from "node:assert/strict";
import type * as tfjs from "@tensorflow/tfjs";
import { createRandom } from "lib/base/numbers/random.ts";
import type { TensorFlow } from "lib/learning/model/tensor_ops.ts";
import { loadEngine } from "lib/learning/train/engine.ts";

const CONVOLUTIONS = [
  { input: [7, 8, 3], filter: [3, 3, 3, 5], strides: [2, 2], pad: "same" },
  { input: [8, 8, 1], filter: [3, 3, 1, 4], strides: [1, 2], pad: "same" },
  { input: [6, 5, 2], filter: [3, 3, 2, 3], strides: [1, 1], pad: "same" },
  { input: [9, 9, 2], filter: [5, 3, 2, 3], strides: [2, 1], pad: "same" },
  { input: [9, 7, 2], filter: [2, 3, 2, 3], strides: [3, 2], pad: "valid" },
  { input: [9, 7, 2], filter: [1, 1, 2, 3], strides: [2, 3], pad: "valid" },
] as const;

const DEPTHWISE = [
  { input: [8, 6, 3], filter: [3, 3, 3, 1], strides: [1, 1], pad: "same" },
  { input: [7, 8, 3], filter: [3, 3, 3, 1], strides: [2, 2], pad: "same" },
  { input: [9, 8, 2], filter: [5, 2, 2, 1], strides: [3, 3], pad: "valid" },
] as const;

type Convolve = (tf: TensorFlow, x: tfjs.Tensor4D, w: tfjs.Tensor4D) => tfjs.Tensor4D;

/** Compares the gradients by both inputs with those of the plain JavaScript engine, whose loops follow the definition. */
async function check(input: readonly number[], filter: readonly number[], convolve: Convolve): Promise<void> {
  const { tf } = await loadEngine("wasm");
  const random = createRandom(`${filter}`);
  const numbers = (shape: readonly number[]) =>
    Float32Array.from({ length: shape.reduce((product, size) => product * size) }, () => random.normal());
  const [x, w] = [numbers([2, ...input]), numbers(filter)];
  const loss = (...[a, b]: tfjs.Tensor[]) =>
    tf.sum(tf.square(convolve(tf, a as tfjs.Tensor4D, b as tfjs.Tensor4D))) as tfjs.Scalar;
  const gradients = () =>
    tf.tidy(() =>
      tf.grads(loss)([tf.tensor(x, [2, ...input]), tf.tensor(w, [...filter])])
        .map((gradient) => gradient.dataSync() as Float32Array)
    );
  await tf.setBackend("cpu");
  const expected = gradients();
  await tf.setBackend("wasm");
  const tensors = tf.memory().numTensors;
  const found = gradients();
  assert.equal(tf.memory().numTensors, tensors, "leaves no tensors behind");
  for (const [i, values] of expected.entries()) {
    assert.equal(found[i]!.length, values.length);
    values.forEach((value, j) => assert(Math.abs(value - found[i]![j]!) < 1e-3, `${value}, ${found[i]![j]}`));
  }
}

for (const { input, filter, strides, pad } of CONVOLUTIONS) {
  Deno.test(`registerWasmGradients() gives the gradients of a ${filter[0]}x${filter[1]} convolution with strides ${strides}, ${pad}`, async () => {
    await check(input, filter, (tf, x, w) => tf.conv2d(x, w, [...strides], pad));
  });
}

for (const { input, filter, strides, pad } of DEPTHWISE) {
  Deno.test(`registerWasmGradients() gives the gradients of a depthwise ${filter[0]}x${filter[1]} convolution with strides ${strides}, ${pad}`, async () => {
    await check(input, filter, (tf, x, w) => tf.depthwiseConv2d(x, w, [...strides], pad));
  });
}

Deno.test("registerWasmGradients() multiplies transposed matrices", async () => {
  const { tf } = await loadEngine("wasm");
  tf.tidy(() => {
    const a = tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]);
    const b = tf.tensor2d([1, 0, 2, 1, 1, 3], [2, 3]);
    assert.deepEqual([...tf.matMul(a, b, false, true).dataSync()], [7, 12, 16, 27]);
    assert.deepEqual([...tf.matMul(a, b, true, false).dataSync()], [5, 4, 14, 7, 5, 19, 9, 6, 24]);
    assert.deepEqual([...tf.matMul(a, tf.tensor2d([1, 2], [1, 2]), true, true).dataSync()], [9, 12, 15]);
  });
});
