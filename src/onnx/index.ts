// The ONNX model in memory: build it, write and read it, run it.

export { type GraphBuilder, graphBuilder, ML } from "./builder.ts";
export { decodeModel } from "./decode.ts";
export { encodeModel } from "./encode.ts";
export {
  type Attribute,
  type ElementType,
  float,
  floats,
  int,
  ints,
  type OnnxData,
  type OnnxGraph,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValue,
  tensor,
  text,
  texts,
} from "./model.ts";
