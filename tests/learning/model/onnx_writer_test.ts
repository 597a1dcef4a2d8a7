import assert from "node:assert/strict";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { createOnnxGraph } from "lib/learning/model/onnx_writer.ts";

Deno.test("createOnnxGraph() writes a model that ONNX Runtime loads and computes", async () => {
  const graph = createOnnxGraph({ name: "test" });
  graph.input("x", ["B", 3]);
  graph.initializer("weight", Float32Array.of(1, 2, 3, 4, 5, 6), [3, 2]);
  graph.initializer("axes", BigInt64Array.of(1n), [1]);
  graph.node("MatMul", ["x", "weight"], ["product"]);
  graph.node("LeakyRelu", ["product"], ["active"], { alpha: { float: 0.5 } });
  graph.node("ReduceSum", ["active", "axes"], ["sum"], { keepdims: 0 });
  graph.node("Transpose", ["active"], ["turned"], { perm: [1, 0] });
  graph.output("sum", ["B"]);
  graph.output("turned", [2, "B"]);

  const session = await InferenceSession.create(graph.encode(), { intraOpNumThreads: 1 });
  const results = await session.run({ x: new Tensor("float32", Float32Array.of(1, 0, 0, 0, -1, 0), [2, 3]) });

  assert.deepEqual(session.inputNames, ["x"]);
  // Rows times weight are [1, 2] and [-3, -4]; the negative ones are halved.
  assert.deepEqual(results["sum"]?.data, Float32Array.of(3, -3.5));
  assert.deepEqual(results["turned"]?.data, Float32Array.of(1, -1.5, 2, -2));
  assert.deepEqual(results["turned"]?.dims, [2, 2]);
});

Deno.test("createOnnxGraph() writes convolutions, tensor attributes, strings and integer constants", async () => {
  const graph = createOnnxGraph({ opset: 18, irVersion: 9 });
  graph.input("x", [1, 1, "T"]);
  graph.node("Constant", [], ["kernel"], { value: { tensor: Float32Array.of(1, 1), dims: [1, 1, 2] } });
  graph.node("Conv", ["x", "kernel"], ["sums"], { strides: [2], auto_pad: "VALID" });
  graph.initializer("shape", BigInt64Array.of(-1n), [1]);
  graph.node("Reshape", ["sums", "shape"], ["y"]);
  graph.output("y", ["N"]);

  const session = await InferenceSession.create(graph.encode(), { intraOpNumThreads: 1 });
  const { y } = await session.run({ x: new Tensor("float32", Float32Array.of(1, 2, 3, 4), [1, 1, 4]) });

  assert.deepEqual(y?.data, Float32Array.of(3, 7));
});

Deno.test("createOnnxGraph() refuses a fraction that is not marked as a float", () => {
  const graph = createOnnxGraph();
  graph.input("x", ["N"]);
  assert.throws(() => graph.node("LeakyRelu", ["x"], ["y"], { alpha: 0.1 }), TypeError);
});

Deno.test("createOnnxGraph() refuses names made twice, unknown names and wrong shapes", () => {
  const graph = createOnnxGraph();
  graph.input("x", ["N"]);
  assert.throws(() => graph.input("x", ["N"]), /given twice/);
  assert.throws(() => graph.initializer("w", new Float32Array(3), [2, 2]), RangeError);
  graph.node("Add", ["x", "w"], ["y"]);
  graph.output("y", ["N"]);
  assert.throws(() => graph.encode(), /Nothing in the ONNX graph makes "w"/);
});
