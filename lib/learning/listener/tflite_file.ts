import { flatIdentifier, flatRoot, type FlatTable } from "lib/learning/listener/flatbuffer.ts";

/** A constant of a TensorFlow Lite file in float, whatever it was stored as. */
interface TfliteTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array<ArrayBuffer>;
}

/** One operation of a TensorFlow Lite file that has weights. */
export interface TfliteLayer {
  readonly kind: "convolution" | "depthwise" | "dense";
  /** `convolution` [O, H, W, I], `depthwise` [1, H, W, C], `dense` [O, I]. */
  readonly kernel: TfliteTensor;
  /** One number for each output. */
  readonly bias: TfliteTensor;
  /** In height and width; 1 for `dense`. */
  readonly stride: readonly [number, number];
  /** Whether zeros around the input keep its size ("same"). */
  readonly padded: boolean;
}

// Numbers of the schema: BuiltinOperator, TensorType, Padding (tensorflow/lite/schema/schema.fbs).
const OPERATORS = { convolution: 3, depthwise: 4, dense: 9, dequantize: 6 } as const;
const TYPES = { float32: 0, float16: 1, int32: 2, uint8: 3, int8: 9 } as const;
const SAME = 0;

/**
 * Reads the operations with weights of a TensorFlow Lite file, in the order in which they are run. Names do not matter,
 * so that all exports of a network read alike; weights in 8 bits are brought back to float.
 *
 * @throws {SyntaxError} If the file is none, is damaged, or holds weights in a type that is not known here.
 */
export function readTfliteLayers(file: Uint8Array<ArrayBuffer>): TfliteLayer[] {
  if (flatIdentifier(file) !== "TFL3") throw new SyntaxError("it is not a TensorFlow Lite file");
  try {
    return readLayers(flatRoot(file));
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new SyntaxError("it is damaged: it refers to what lies outside of it", { cause });
  }
}

function readLayers(model: FlatTable): TfliteLayer[] {
  const codes = model.tables(1).map((code) =>
    Math.max(code.scalar(0, "int8", 0), code.scalar(3, "int32", 0))
  );
  const buffers = model.tables(4);
  const graph = model.tables(2)[0];
  if (!graph) throw new SyntaxError("it holds no network");
  const tensors = graph.tables(0);
  const operators = graph.tables(3).map((operator) => ({
    code: codes[operator.scalar(0, "uint32", 0)],
    inputs: operator.integers(1),
    outputs: operator.integers(2),
    options: operator.table(4),
  }));
  // Exports with weights of 16 bits bring them to float by an operation of its own.
  const sources = new Map(
    operators.filter(({ code }) => code === OPERATORS.dequantize)
      .map(({ inputs, outputs }) => [outputs[0]!, inputs[0]!]),
  );
  const constant = (index: number | undefined): TfliteTensor => {
    const tensor = index === undefined ? undefined : tensors[sources.get(index) ?? index];
    if (!tensor) throw new SyntaxError("an operation of it lacks its weights");
    return readTensor(tensor, buffers[tensor.scalar(2, "uint32", 0)]?.bytes(0));
  };
  return operators.flatMap(({ code, inputs, options }): TfliteLayer[] => {
    const kind = (["convolution", "depthwise", "dense"] as const).find((name) => OPERATORS[name] === code);
    // The spectrogram of some exports is a product with matrices, which has no bias.
    if (!kind || (inputs[2] ?? -1) < 0) return [];
    const strides = kind === "dense" ? undefined : options;
    return [{
      kind,
      kernel: constant(inputs[1]),
      bias: constant(inputs[2]),
      stride: [strides?.scalar(2, "int32", 1) ?? 1, strides?.scalar(1, "int32", 1) ?? 1],
      padded: strides?.scalar(0, "int8", SAME) === SAME,
    }];
  });
}

function readTensor(tensor: FlatTable, bytes: Uint8Array<ArrayBuffer> | undefined): TfliteTensor {
  const shape = tensor.integers(0);
  const size = shape.reduce((product, n) => product * n, 1);
  const type = tensor.scalar(1, "int8", 0);
  if (!bytes) throw new SyntaxError("an operation of it lacks its weights");
  // A copy, since numbers of several bytes need not lie at a multiple of their size.
  const { buffer } = bytes.slice();
  const values = type === TYPES.float32
    ? new Float32Array(buffer)
    : type === TYPES.float16
    ? Float32Array.from(new Float16Array(buffer))
    : Float32Array.from(integersOf(type, buffer));
  if (values.length !== size) {
    throw new SyntaxError(`weights of it have ${values.length} numbers, not ${size}`);
  }
  const isFloat = type === TYPES.float32 || type === TYPES.float16;
  return { shape, data: isFloat ? values : dequantise(values, shape, tensor.table(4)) };
}

function integersOf(type: number, buffer: ArrayBuffer): Int8Array | Uint8Array | Int32Array {
  if (type === TYPES.int8) return new Int8Array(buffer);
  if (type === TYPES.uint8) return new Uint8Array(buffer);
  if (type === TYPES.int32) return new Int32Array(buffer);
  throw new SyntaxError(`weights of it are of an unknown type (${type})`);
}

/** `scale * (value - zeroPoint)`, with a scale for the whole tensor or for each index of one of its axes. */
function dequantise(
  values: Float32Array<ArrayBuffer>,
  shape: readonly number[],
  quantisation: FlatTable | undefined,
): Float32Array<ArrayBuffer> {
  const scales = quantisation?.floats(2) ?? new Float32Array(0);
  if (!quantisation || scales.length === 0) throw new SyntaxError("weights of it have no scale");
  const zeros = quantisation.longs(3);
  const axis = quantisation.scalar(6, "int32", 0);
  const inner = shape.slice(axis + 1).reduce((product, n) => product * n, 1);
  return values.map((value, i) => {
    const channel = scales.length === 1 ? 0 : Math.floor(i / inner) % shape[axis]!;
    return scales[channel]! * (value - (zeros[channel] ?? 0));
  });
}
