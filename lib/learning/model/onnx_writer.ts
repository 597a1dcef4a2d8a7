import {
  type OnnxAttribute,
  onnxModelType,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValueInfo,
} from "lib/learning/model_package/onnx_schema.ts";

/** Numbers of a constant tensor; the array's class gives the ONNX element type. */
type OnnxData = Float32Array | BigInt64Array | Int32Array | Uint8Array;

/** Element types by their ONNX name. */
type OnnxElementType = "float32" | "int64" | "int32" | "uint8";

/** A dimension that is fixed, or the name of one that varies from call to call. */
type OnnxDimension = number | string;

/**
 * Value of a node's attribute. A bare number or list of numbers is an integer attribute (axes, groups,
 * strides), the common case; a fraction must be marked as `float`, because ONNX tells 1 from 1.0.
 */
type OnnxAttributeValue =
  | number
  | readonly number[]
  | string
  | { readonly float: number }
  | { readonly floats: readonly number[] }
  | { readonly tensor: OnnxData; readonly dims: readonly number[] };

/** Collects inputs, weights, operations and outputs in any order, and encodes them as an ONNX file. */
export interface OnnxGraphBuilder {
  /** Declares an input. @returns The name, for use in `node`. */
  input(name: string, shape: readonly OnnxDimension[], type?: OnnxElementType): string;
  /** Adds a constant. @returns The name. @throws {RangeError} If `dims` does not fit the length of `data`. */
  initializer(name: string, data: OnnxData, dims: readonly number[]): string;
  /**
   * Adds an operation of the default operator set. An empty string among `inputs` leaves out an optional one.
   * @returns The names of its outputs.
   */
  node<const Outputs extends readonly string[]>(
    opType: string,
    inputs: readonly string[],
    outputs: Outputs,
    attributes?: Readonly<Record<string, OnnxAttributeValue>>,
  ): Outputs;
  /** Declares an output that some node makes. @returns The name. */
  output(name: string, shape: readonly OnnxDimension[], type?: OnnxElementType): string;
  /** The bytes of the ONNX file. @throws {RangeError} If a name is used that nothing has made. */
  encode(): Uint8Array<ArrayBuffer>;
}

/** Options of `createOnnxGraph`. */
interface OnnxGraphOptions {
  /** Name of the graph, shown by viewers. */
  readonly name?: string;
  /** Version of the default operator set. */
  readonly opset?: number;
  /** Version of the file format; must be one that belongs to the operator set. */
  readonly irVersion?: number;
}

const ELEMENT_TYPES = { float32: 1, uint8: 2, int32: 6, int64: 7 } as const satisfies Record<
  OnnxElementType,
  number
>;

// AttributeProto.AttributeType of onnx.proto3.
const ATTRIBUTE_TYPES = { float: 1, int: 2, string: 3, tensor: 4, floats: 6, ints: 7 } as const;

/** Starts an empty ONNX graph (operator set 17, IR version 8, unless told otherwise). */
export function createOnnxGraph(options: OnnxGraphOptions = {}): OnnxGraphBuilder {
  const { name = "graph", opset = 17, irVersion = 8 } = options;
  const inputs: OnnxValueInfo[] = [];
  const outputs: OnnxValueInfo[] = [];
  const initializers: OnnxTensor[] = [];
  const nodes: OnnxNode[] = [];
  const made = new Set<string>();
  const declare = (value: string): void => {
    if (made.has(value)) throw new RangeError(`The name "${value}" is given twice in the ONNX graph`);
    made.add(value);
  };

  return {
    input(value, shape, type = "float32") {
      declare(value);
      inputs.push(valueInfo(value, shape, type));
      return value;
    },
    initializer(value, data, dims) {
      const tensor = toTensor(data, dims, value);
      declare(value);
      initializers.push(tensor);
      return value;
    },
    node(opType, from, to, attributes = {}) {
      to.forEach(declare);
      nodes.push({
        name: `${opType}_${nodes.length}`,
        opType,
        input: [...from],
        output: [...to],
        attribute: Object.entries(attributes).map(([key, value]) => toAttribute(key, value)),
      });
      return to;
    },
    output(value, shape, type = "float32") {
      outputs.push(valueInfo(value, shape, type));
      return value;
    },
    encode() {
      const used = [...nodes.flatMap((node) => node.input), ...outputs.map((output) => output.name)];
      const unknown = used.find((value) => value !== "" && !made.has(value));
      if (unknown !== undefined) throw new RangeError(`Nothing in the ONNX graph makes "${unknown}"`);
      const bytes = onnxModelType().encode({
        irVersion,
        producerName: "burp-finder",
        opsetImport: [{ domain: "", version: opset }],
        graph: { name, node: nodes, initializer: initializers, input: inputs, output: outputs },
      }).finish();
      // A copy, since protobufjs may hand out a view into a shared pool.
      return new Uint8Array(bytes);
    },
  };
}

function valueInfo(name: string, shape: readonly OnnxDimension[], type: OnnxElementType): OnnxValueInfo {
  const dim = shape.map((size) => typeof size === "number" ? { dimValue: size } : { dimParam: size });
  return { name, type: { tensorType: { elemType: ELEMENT_TYPES[type], shape: { dim } } } };
}

function toTensor(data: OnnxData, dims: readonly number[], name?: string): OnnxTensor {
  const size = dims.reduce((product, dim) => product * dim, 1);
  if (size !== data.length) {
    throw new RangeError(
      `The tensor ${name ?? ""} has ${data.length} elements, its shape [${dims.join(", ")}] asks for ${size}`,
    );
  }
  return {
    dims: [...dims],
    dataType: ELEMENT_TYPES[elementType(data)],
    ...(name === undefined ? {} : { name }),
    // ONNX wants little-endian, which every platform of Deno is.
    rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  };
}

function elementType(data: OnnxData): OnnxElementType {
  if (data instanceof Float32Array) return "float32";
  if (data instanceof BigInt64Array) return "int64";
  return data instanceof Int32Array ? "int32" : "uint8";
}

function toAttribute(name: string, value: OnnxAttributeValue): OnnxAttribute {
  const integer = (number: number): number => {
    if (Number.isInteger(number)) return number;
    throw new TypeError(`The attribute "${name}" is ${number}: write { float: ${number} } for a fraction`);
  };
  if (typeof value === "number") return { name, type: ATTRIBUTE_TYPES.int, i: integer(value) };
  if (typeof value === "string") {
    return { name, type: ATTRIBUTE_TYPES.string, s: new TextEncoder().encode(value) };
  }
  if ("float" in value) return { name, type: ATTRIBUTE_TYPES.float, f: value.float };
  if ("floats" in value) return { name, type: ATTRIBUTE_TYPES.floats, floats: [...value.floats] };
  if ("tensor" in value) return { name, type: ATTRIBUTE_TYPES.tensor, t: toTensor(value.tensor, value.dims) };
  return { name, type: ATTRIBUTE_TYPES.ints, ints: value.map(integer) };
}
