// An ONNX model in memory to the bytes of a .onnx file.

import { RoentgenError } from "../../base/index.ts";
import type { Attribute, OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from "../model.ts";
import { attributeTypes, elementTypes } from "./schema.ts";
import { encodeMessage, type Message } from "./wire.ts";

const utf8 = new TextEncoder();

/** The file's bytes; equal models give equal bytes. */
export function encodeModel(model: OnnxModel): Uint8Array {
  return encodeMessage("ModelProto", {
    irVersion: model.irVersion,
    producerName: model.producer,
    graph: {
      name: model.graph.name,
      node: model.graph.nodes.map(nodeMessage),
      initializer: model.graph.initializers.map(tensorMessage),
      input: model.graph.inputs.map(valueMessage),
      output: model.graph.outputs.map(valueMessage),
    },
    opsetImport: Object.entries(model.opsets).map(([domain, version]) => ({ domain, version })),
    metadataProps: Object.entries(model.metadata).map(([key, value]) => ({ key, value })),
  });
}

function nodeMessage(node: OnnxNode): Message {
  return {
    input: node.inputs,
    output: node.outputs,
    name: node.name,
    opType: node.operator,
    attribute: Object.entries(node.attributes).map(([name, value]) =>
      attributeMessage(name, value),
    ),
    domain: node.domain || undefined,
  };
}

function attributeMessage(name: string, attribute: Attribute): Message {
  const message: Message = {
    name,
    type: attribute.kind === "reference" ? undefined : attributeTypes[attribute.kind],
  };
  switch (attribute.kind) {
    case "int":
      return { ...message, i: attribute.value };
    case "float":
      return { ...message, f: attribute.value };
    case "string":
      return { ...message, s: utf8.encode(attribute.value) };
    case "tensor":
      return { ...message, t: tensorMessage(attribute.value) };
    case "ints":
      return { ...message, ints: attribute.value };
    case "floats":
      return { ...message, floats: attribute.value };
    case "strings":
      return { ...message, strings: encodeTexts(attribute.value) };
    default:
      throw new RoentgenError("format-unsupported", {
        problem: `Cannot write the attribute "${name}" of kind ${attribute.kind}`,
      });
  }
}

function tensorMessage({ name, type, shape, data }: OnnxTensor): Message {
  const message: Message = { dims: shape, dataType: elementTypes[type], name };
  if (type === "string") {
    return { ...message, stringData: encodeTexts(data as string[]) };
  }
  const { buffer, byteOffset, byteLength } = data as Uint8Array;
  // TensorProto.raw_data is little-endian, as is every platform that Node and browsers run on.
  return { ...message, rawData: new Uint8Array(buffer, byteOffset, byteLength) };
}

/** Each different text is encoded once: those of a forest repeat by the million. */
function encodeTexts(texts: readonly string[]): Uint8Array[] {
  const encoded = new Map<string, Uint8Array>();
  return texts.map((value) => {
    const known = encoded.get(value) ?? utf8.encode(value);
    encoded.set(value, known);
    return known;
  });
}

function valueMessage({ name, type, shape }: OnnxValue): Message {
  const dim = shape?.map((length) =>
    typeof length === "number" ? { dimValue: length } : { dimParam: length },
  );
  return { name, type: { tensorType: { elemType: elementTypes[type], shape: dim && { dim } } } };
}
