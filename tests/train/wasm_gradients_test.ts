import assert from "node:assert/strict";
import { createRandom } from "lib/system/random.ts";
import { loadEngine } from "lib/train/engine.ts";

const CONVOLUTIONS = [
  { input: [7, 8, 3], filter: [3, 3, 3, 5], strides: [2, 2], pad: "same" },
  { input: [8, 8, 1], filter: [3, 3, 1, 4], strides: [1, 2], pad: "same" },
  { input: [6, 5, 2], filter: [3, 3, 2, 3], strides: [1, 1], pad: "same" },
  { input: [9, 9, 2], filter: [5, 3, 2, 3], strides: [2, 1], pad: "same" },
  { input: [9, 7, 2], filter: [2, 3, 2, 3], strides: [3, 2], pad: "valid" },
  { input: [9, 7, 2], filter: [1, 1, 2, 3], strides: [2, 3], pad: "valid" },
] as const;

for (const { input, filter, strides, pad } of CONVOLUTIONS) {
  const [height, width] = filter;
  Deno.test(`registerWasmGradients() gives the gradients of a ${height}x${width} convolution with strides ${strides}, ${pad}`, async () => {
    const { tf } = await loadEngine("wasm");
    const random = createRandom(`${filter}`);
    const numbers = (count: number) => Float32Array.from({ length: count }, () => random.normal());
    const x = numbers(2 * input[0] * input[1] * input[2]);
    const w = numbers(filter[0] * filter[1] * filter[2] * filter[3]);
    const gradients = () =>
      tf.tidy(() => {
        const loss = (a: ReturnType<typeof tf.tensor>, b: ReturnType<typeof tf.tensor>) =>
          tf.sum(tf.square(tf.conv2d(a as never, b as never, [...strides], pad))) as ReturnType<
            typeof tf.scalar
          >;
        const found = tf.grads(loss)([tf.tensor4d(x, [2, ...input]), tf.tensor4d(w, [...filter])]);
        return found.map((gradient) => gradient.dataSync() as Float32Array);
      });
    // The plain JavaScript engine's loops follow the definition.
    await tf.setBackend("cpu");
    const expected = gradients();
    await tf.setBackend("wasm");
    const tensors = tf.memory().numTensors;
    const found = gradients();
    assert.equal(tf.memory().numTensors, tensors, "leaves no tensors behind");
    for (const [i, values] of expected.entries()) {
      assert.equal(found[i]!.length, values.length);
      values.forEach((value, j) =>
        assert(Math.abs(value - found[i]![j]!) < 1e-3, `${value}, ${found[i]![j]}`)
      );
    }
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
