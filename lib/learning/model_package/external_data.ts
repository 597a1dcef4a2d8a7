import {
  type OnnxAttribute,
  type OnnxGraph,
  type OnnxModel,
  onnxModelType,
  type OnnxNode,
  type OnnxSparseTensor,
  type OnnxTensor,
} from "lib/learning/model_package/onnx_schema.ts";

/**
 * Names of the tensors of an ONNX model whose numbers lie outside the file. A model package is one verified
 * file, so anything listed here makes it unacceptable: its hash would not cover those numbers, and their path
 * may point anywhere.
 *
 * @param bytes The whole `model.onnx`.
 * @throws {SyntaxError} If the bytes are not an ONNX model.
 */
export function externalTensors(bytes: Uint8Array): string[] {
  let model: OnnxModel;
  try {
    model = onnxModelType().toObject(onnxModelType().decode(bytes), { longs: Number }) as OnnxModel;
  } catch (cause) {
    throw new SyntaxError("The bytes are not an ONNX model", { cause });
  }
  if (model.graph === undefined) throw new SyntaxError("The bytes are not an ONNX model: they hold no graph");

  const found: string[] = [];
  const visitTensor = (tensor?: OnnxTensor): void => {
    if (tensor?.dataLocation === 1 || tensor?.externalData?.length) found.push(tensor.name ?? "(unnamed)");
  };
  const visitSparse = (sparse?: OnnxSparseTensor): void => {
    visitTensor(sparse?.values);
    visitTensor(sparse?.indices);
  };
  const visitAttribute = (attribute: OnnxAttribute): void => {
    visitTensor(attribute.t);
    attribute.tensors?.forEach(visitTensor);
    visitSparse(attribute.sparseTensor);
    attribute.sparseTensors?.forEach(visitSparse);
    visitGraph(attribute.g);
    attribute.graphs?.forEach(visitGraph);
  };
  const visitNode = (node: OnnxNode): void => node.attribute?.forEach(visitAttribute);
  const visitGraph = (graph?: OnnxGraph): void => {
    graph?.initializer?.forEach(visitTensor);
    graph?.sparseInitializer?.forEach(visitSparse);
    graph?.node?.forEach(visitNode);
  };

  visitGraph(model.graph);
  for (const part of model.functions ?? []) {
    part.node?.forEach(visitNode);
    part.attributeProto?.forEach(visitAttribute);
  }
  for (const part of model.trainingInfo ?? []) {
    visitGraph(part.initialization);
    visitGraph(part.algorithm);
  }
  return found;
}
