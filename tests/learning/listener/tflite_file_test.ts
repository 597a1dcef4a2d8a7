import assert from "node:assert/strict";
import { createRandom } from "lib/base/numbers/random.ts";
import { readTfliteLayers } from "lib/learning/listener/tflite_file.ts";
import { scaled } from "tests/long_run.ts";
import { type FlatFields, writeFlatBuffer } from "tests/learning/listener/flatbuffer_writer.ts";
import { writeTinyYamnet } from "tests/learning/listener/tiny_yamnet.ts";

const FILE = new URL("../../fixtures/listener/tiny_yamnet.tflite", import.meta.url);

const bytesOf = (values: Int8Array | Float32Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

/** A file with one convolution of two filters, whose kernel [2, 1, 1, 2] is stored as is asked. */
function oneConvolution(tensor: FlatFields, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const bias = { 0: { integers: [2] }, 1: { int8: 0 }, 2: { int32: 2 } };
  const input = { 0: { integers: [1, 4, 4, 2] }, 1: { int8: 0 } };
  const operator: FlatFields = {
    1: { integers: [0, 1, 2] },
    2: { integers: [0] },
    4: { table: { 0: { int8: 1 }, 1: { int32: 3 }, 2: { int32: 2 } } },
  };
  const kernel = { 0: { integers: [2, 1, 1, 2] }, 2: { int32: 1 }, ...tensor };
  return writeFlatBuffer("TFL3", {
    1: { tables: [{ 0: { int8: 3 } }] },
    2: { tables: [{ 0: { tables: [input, kernel, bias] }, 3: { tables: [operator] } }] },
    4: { tables: [{}, { 0: { bytes: data } }, { 0: { bytes: bytesOf(Float32Array.of(0.5, -1)) } }] },
  });
}

Deno.test("readTfliteLayers() brings weights in 8 bits back to float, by channel or as a whole", () => {
  const values = bytesOf(Int8Array.of(1, -2, 127, -128));
  const read = (quantisation: FlatFields) =>
    readTfliteLayers(oneConvolution({ 1: { int8: 9 }, 4: { table: quantisation } }, values))[0]!;
  const byChannel = read({ 2: { floats: [0.5, 2] }, 3: { longs: [0, 1] }, 6: { int32: 0 } });
  assert.deepEqual([...byChannel.kernel.data], [0.5, -1, 252, -258]);
  const byLastAxis = read({ 2: { floats: [0.5, 2] }, 3: { longs: [0, 0] }, 6: { int32: 3 } });
  assert.deepEqual([...byLastAxis.kernel.data], [0.5, -4, 63.5, -256]);
  assert.deepEqual([...read({ 2: { floats: [0.25] }, 3: { longs: [-1] } }).kernel.data], [
    0.5,
    -0.25,
    32,
    -31.75,
  ]);
  assert.deepEqual([byChannel.kind, byChannel.stride, byChannel.padded], ["convolution", [2, 3], false]);
  assert.deepEqual([...byChannel.bias.data], [0.5, -1]);
});

Deno.test("readTfliteLayers() reads weights in 16 and 32 bits", () => {
  const half = Float16Array.of(0.5, -2, 3, 1024);
  const bytes = new Uint8Array(half.buffer);
  const [layer] = readTfliteLayers(oneConvolution({ 1: { int8: 1 } }, bytes));
  assert.deepEqual([...layer!.kernel.data], [0.5, -2, 3, 1024]);
  const [float] = readTfliteLayers(oneConvolution({}, bytesOf(Float32Array.of(1, 2, 3, 4.5))));
  assert.deepEqual([...float!.kernel.data], [1, 2, 3, 4.5]);
});

Deno.test("readTfliteLayers() says what it cannot read", () => {
  const fails = (file: Uint8Array<ArrayBuffer>, message: RegExp) =>
    assert.throws(() => readTfliteLayers(file), { name: "SyntaxError", message });
  fails(new TextEncoder().encode("<html>not found</html>"), /not a TensorFlow Lite file/);
  fails(new Uint8Array(0), /not a TensorFlow Lite file/);
  fails(oneConvolution({ 1: { int8: 9 } }, bytesOf(Int8Array.of(1, 2, 3, 4))), /no scale/);
  fails(oneConvolution({}, bytesOf(Float32Array.of(1, 2))), /2 numbers, not 4/);
  fails(oneConvolution({ 1: { int8: 6 } }, new Uint8Array(4)), /unknown type/);
});

Deno.test("readTfliteLayers() takes layers in the order of operators, from the committed file as from a fresh one", async () => {
  const committed = await Deno.readFile(FILE);
  assert.deepEqual(committed, writeTinyYamnet(15));
  const layers = readTfliteLayers(committed);
  const kinds = layers.map(({ kind }) => kind);
  const pairs = Array.from({ length: 13 }, () => ["depthwise", "convolution"]).flat();
  assert.deepEqual(kinds, ["convolution", ...pairs, "dense"]);
  assert.deepEqual(layers.filter(({ stride }) => stride[0] === 2).length, 5);
});

Deno.test("readTfliteLayers() refuses a damaged file with a reason, or reads it, but never breaks", async () => {
  const file = await Deno.readFile(FILE);
  const random = createRandom("damage");
  for (let i = 0; i < scaled({ usual: 150, long: 5000 }); i++) {
    const damaged = file.slice(0, i % 3 === 0 ? Math.floor(random.uniform(8, file.length)) : file.length);
    for (let n = 0; n < 20; n++) {
      // The tables lie where the weights end, and between them.
      damaged[8 + Math.floor(random.uniform(0, damaged.length - 8))] = Math.floor(random.uniform(0, 256));
    }
    damaged[Math.min(damaged.length - 1, 4 * Math.floor(random.uniform(2, 60)))] = 0xff;
    try {
      readTfliteLayers(damaged);
    } catch (error) {
      assert(error instanceof SyntaxError, `${error}`);
    }
  }
});
