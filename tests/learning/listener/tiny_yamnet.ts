import { createRandom } from "lib/base/numbers/random.ts";
import { type FlatFields, writeFlatBuffer } from "tests/learning/listener/flatbuffer_writer.ts";

// Numbers of the schema of TensorFlow Lite.
const [CONVOLUTION, DEPTHWISE, DEQUANTIZE, DENSE, LOGISTIC, MEAN] = [3, 4, 6, 9, 14, 40];
const [FLOAT, INT8] = [0, 9];
const NOTHING = -1;

/** An eighth of the widths of the real one. */
const WIDTHS = [8, 16, 16, 32, 32, 64, 64, 64, 64, 64, 64, 128, 128] as const;
const STRIDES = [1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1] as const;
const FIRST = 4;

/**
 * A small file of the operators of YAMNet with random weights: the dense layer that makes a mel spectrogram, a convolution
 * in float, thirteen pairs of which some have a scale for each channel, some one for all, and some of whose depthwise
 * weights are brought to float by an operation of their own, a mean, a dense layer and a sigmoid. The same seed gives the
 * same file.
 */
export function writeTinyYamnet(seed: string | number, sounds = 521): Uint8Array<ArrayBuffer> {
  const random = createRandom(seed);
  const buffers: FlatFields[] = [{}];
  const tensors: FlatFields[] = [];
  const operators: FlatFields[] = [];
  const codes = [CONVOLUTION, DEPTHWISE, DEQUANTIZE, DENSE, LOGISTIC, MEAN];

  const addTensor = (
    shape: readonly number[],
    type: number,
    data?: Uint8Array,
    rest: FlatFields = {},
  ): number => {
    if (data) buffers.push({ 0: { bytes: data } });
    tensors.push({
      0: { integers: shape },
      1: { int8: type },
      2: { int32: data ? buffers.length - 1 : 0 },
      ...rest,
    });
    return tensors.length - 1;
  };
  const addFloats = (shape: readonly number[], deviation: number): number => {
    const values = Float32Array.from({ length: product(shape) }, () => random.normal() * deviation);
    return addTensor(shape, FLOAT, new Uint8Array(values.buffer));
  };
  const addBytes = (shape: readonly number[], deviation: number, axis: number | undefined): number => {
    const values = Int8Array.from({ length: product(shape) }, () => Math.round(random.uniform(-127, 127)));
    const scales = Array.from(
      { length: axis === undefined ? 1 : shape[axis]! },
      () => deviation * random.uniform(0.5, 1.5) / 73,
    );
    const quantisation: FlatFields = {
      2: { floats: scales },
      3: { longs: scales.map(() => 0) },
      6: { int32: axis ?? 0 },
    };
    return addTensor(shape, INT8, new Uint8Array(values.buffer), { 4: { table: quantisation } });
  };
  const run = (
    code: number,
    inputs: readonly number[],
    shape: readonly number[],
    options?: FlatFields,
  ): number => {
    const output = addTensor(shape, FLOAT);
    operators.push({
      0: { int32: codes.indexOf(code) },
      1: { integers: inputs },
      2: { integers: [output] },
      // BuiltinOptions: Conv2DOptions 1, DepthwiseConv2DOptions 2.
      ...(options && { 3: { int8: code === CONVOLUTION ? 1 : 2 }, 4: { table: options } }),
    });
    return output;
  };
  const strided = (stride: number, isDepthwise: boolean): FlatFields => ({
    1: { int32: stride },
    2: { int32: stride },
    ...(isDepthwise ? { 3: { int32: 1 }, 4: { int8: 1 } } : { 3: { int8: 1 } }),
  });

  // As in the exports: what makes the spectrogram has no bias, or one, and is dense as well.
  const magnitudes = addTensor([96, 257], FLOAT);
  const filters = addBytes([64, 257], 0.01, undefined);
  run(DENSE, [magnitudes, filters, NOTHING], [96, 64]);
  let x = addTensor([1, 96, 64, 1], FLOAT);
  let [height, width, channels] = [48, 32, FIRST];
  x = run(
    CONVOLUTION,
    [x, addFloats([FIRST, 3, 3, 1], 0.5), addFloats([FIRST], 0.3)],
    [1, height, width, FIRST],
    strided(2, false),
  );
  WIDTHS.forEach((filters, i) => {
    const stride = STRIDES[i]!;
    [height, width] = [Math.ceil(height / stride), Math.ceil(width / stride)];
    const depthwise = addBytes([1, 3, 3, channels], 0.5, i % 2 === 0 ? undefined : 3);
    const kernel = i % 3 === 2 ? run(DEQUANTIZE, [depthwise], [1, 3, 3, channels]) : depthwise;
    const bias = addFloats([channels], 0.05);
    x = run(DEPTHWISE, [x, kernel, bias], [1, height, width, channels], strided(stride, true));
    const deviation = Math.sqrt(2 / channels);
    const pointwise = addBytes([filters, 1, 1, channels], deviation, i % 2 === 0 ? undefined : 0);
    x = run(
      CONVOLUTION,
      [x, pointwise, addFloats([filters], 0.05)],
      [1, height, width, filters],
      strided(1, false),
    );
    channels = filters;
  });
  x = run(MEAN, [x, addTensor([2], 2, new Uint8Array(Int32Array.of(1, 2).buffer))], [1, channels]);
  x = run(DENSE, [x, addBytes([sounds, channels], 0.3, undefined), addFloats([sounds], 1)], [1, sounds]);
  x = run(LOGISTIC, [x], [1, sounds]);
  return writeFlatBuffer("TFL3", {
    0: { int32: 3 },
    1: { tables: codes.map((code) => ({ 0: { int8: code }, 3: { int32: code } })) },
    2: { tables: [{ 0: { tables: tensors }, 2: { integers: [x] }, 3: { tables: operators } }] },
    4: { tables: buffers },
  });
}

function product(shape: readonly number[]): number {
  return shape.reduce((size, n) => size * n, 1);
}

if (import.meta.main) {
  await Deno.writeFile(
    new URL("../../fixtures/listener/tiny_yamnet.tflite", import.meta.url),
    writeTinyYamnet(15),
  );
}
