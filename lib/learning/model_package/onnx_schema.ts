import protobuf from "protobufjs/light.js";

/**
 * The part of the ONNX schema (`onnx.proto3` of ONNX 1.16, IR version 10) that is needed to write a plain
 * inference graph and to look for weights kept outside the file. Names and numbers are those of the standard;
 * fields that are left out here are skipped when reading.
 */
const SCHEMA = {
  nested: {
    OperatorSetIdProto: { fields: { domain: { type: "string", id: 1 }, version: { type: "int64", id: 2 } } },
    StringStringEntryProto: { fields: { key: { type: "string", id: 1 }, value: { type: "string", id: 2 } } },
    Dimension: { fields: { dimValue: { type: "int64", id: 1 }, dimParam: { type: "string", id: 2 } } },
    TensorShapeProto: { fields: { dim: { rule: "repeated", type: "Dimension", id: 1 } } },
    TensorType: {
      fields: { elemType: { type: "int32", id: 1 }, shape: { type: "TensorShapeProto", id: 2 } },
    },
    TypeProto: { fields: { tensorType: { type: "TensorType", id: 1 } } },
    ValueInfoProto: { fields: { name: { type: "string", id: 1 }, type: { type: "TypeProto", id: 2 } } },
    TensorProto: {
      fields: {
        dims: { rule: "repeated", type: "int64", id: 1 },
        dataType: { type: "int32", id: 2 },
        name: { type: "string", id: 8 },
        rawData: { type: "bytes", id: 9 },
        externalData: { rule: "repeated", type: "StringStringEntryProto", id: 13 },
        dataLocation: { type: "int32", id: 14 },
      },
    },
    SparseTensorProto: {
      fields: { values: { type: "TensorProto", id: 1 }, indices: { type: "TensorProto", id: 2 } },
    },
    AttributeProto: {
      fields: {
        name: { type: "string", id: 1 },
        f: { type: "float", id: 2 },
        i: { type: "int64", id: 3 },
        s: { type: "bytes", id: 4 },
        t: { type: "TensorProto", id: 5 },
        g: { type: "GraphProto", id: 6 },
        floats: { rule: "repeated", type: "float", id: 7 },
        ints: { rule: "repeated", type: "int64", id: 8 },
        tensors: { rule: "repeated", type: "TensorProto", id: 10 },
        graphs: { rule: "repeated", type: "GraphProto", id: 11 },
        type: { type: "int32", id: 20 },
        sparseTensor: { type: "SparseTensorProto", id: 22 },
        sparseTensors: { rule: "repeated", type: "SparseTensorProto", id: 23 },
      },
    },
    NodeProto: {
      fields: {
        input: { rule: "repeated", type: "string", id: 1 },
        output: { rule: "repeated", type: "string", id: 2 },
        name: { type: "string", id: 3 },
        opType: { type: "string", id: 4 },
        attribute: { rule: "repeated", type: "AttributeProto", id: 5 },
      },
    },
    GraphProto: {
      fields: {
        node: { rule: "repeated", type: "NodeProto", id: 1 },
        name: { type: "string", id: 2 },
        initializer: { rule: "repeated", type: "TensorProto", id: 5 },
        input: { rule: "repeated", type: "ValueInfoProto", id: 11 },
        output: { rule: "repeated", type: "ValueInfoProto", id: 12 },
        sparseInitializer: { rule: "repeated", type: "SparseTensorProto", id: 15 },
      },
    },
    FunctionProto: {
      fields: {
        node: { rule: "repeated", type: "NodeProto", id: 7 },
        attributeProto: { rule: "repeated", type: "AttributeProto", id: 11 },
      },
    },
    TrainingInfoProto: {
      fields: { initialization: { type: "GraphProto", id: 1 }, algorithm: { type: "GraphProto", id: 2 } },
    },
    ModelProto: {
      fields: {
        irVersion: { type: "int64", id: 1 },
        producerName: { type: "string", id: 2 },
        graph: { type: "GraphProto", id: 7 },
        opsetImport: { rule: "repeated", type: "OperatorSetIdProto", id: 8 },
        trainingInfo: { rule: "repeated", type: "TrainingInfoProto", id: 20 },
        functions: { rule: "repeated", type: "FunctionProto", id: 25 },
      },
    },
  },
} as const satisfies protobuf.INamespace;

/** A tensor inside an ONNX file; `dataLocation` 1 means that its numbers lie in another file. */
export interface OnnxTensor {
  dims: number[];
  dataType: number;
  name?: string;
  rawData?: Uint8Array;
  externalData?: { key: string; value: string }[];
  dataLocation?: number;
}

/** A tensor of which only the elements that are not zero are written. */
export interface OnnxSparseTensor {
  values?: OnnxTensor;
  indices?: OnnxTensor;
}

/** One attribute of a node; `type` says which of the other fields holds its value. */
export interface OnnxAttribute {
  name: string;
  type: number;
  f?: number;
  i?: number;
  s?: Uint8Array;
  t?: OnnxTensor;
  g?: OnnxGraph;
  floats?: number[];
  ints?: number[];
  tensors?: OnnxTensor[];
  graphs?: OnnxGraph[];
  sparseTensor?: OnnxSparseTensor;
  sparseTensors?: OnnxSparseTensor[];
}

/** One operation of a graph. */
export interface OnnxNode {
  name?: string;
  opType: string;
  input: string[];
  output: string[];
  attribute?: OnnxAttribute[];
}

/** Name, element type and shape of an input or an output; a dimension is a number or a symbolic name. */
export interface OnnxValueInfo {
  name: string;
  type: { tensorType: { elemType: number; shape: { dim: { dimValue?: number; dimParam?: string }[] } } };
}

/** A graph of operations with its weights. */
export interface OnnxGraph {
  name?: string;
  node?: OnnxNode[];
  initializer?: OnnxTensor[];
  sparseInitializer?: OnnxSparseTensor[];
  input?: OnnxValueInfo[];
  output?: OnnxValueInfo[];
}

/** A whole ONNX file. */
export interface OnnxModel {
  irVersion: number;
  producerName?: string;
  opsetImport?: { domain: string; version: number }[];
  graph?: OnnxGraph;
  trainingInfo?: { initialization?: OnnxGraph; algorithm?: OnnxGraph }[];
  functions?: { node?: OnnxNode[]; attributeProto?: OnnxAttribute[] }[];
}

let modelType: protobuf.Type | undefined;

/** The protobuf message type `ModelProto`, built at the first call because most commands need it once or never. */
export function onnxModelType(): protobuf.Type {
  return modelType ??= protobuf.Root.fromJSON(SCHEMA).lookupType("ModelProto");
}
