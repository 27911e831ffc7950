// Attributes of nodes (AttributeProto) from messages and back.

import { RoentgenError } from "../../base/index.ts";
import type { Attribute, OnnxGraph, SparseTensor, ValueAttributeKind } from "../model.ts";
import type { Message } from "./read-message.ts";
import { readSparse, readTensor } from "./read-tensor.ts";
import { attributeTypes } from "./schema.ts";
import { decodeText, encodeText, encodeTexts } from "./text.ts";
import { readType, typeMessage } from "./value-types.ts";
import { tensorMessage } from "./write-tensor.ts";

/** Field of the message that holds each kind of value. */
const fields = {
  int: "i",
  float: "f",
  string: "s",
  tensor: "t",
  graph: "g",
  ints: "ints",
  floats: "floats",
  strings: "strings",
  tensors: "tensors",
  graphs: "graphs",
  sparse: "sparseTensor",
  sparses: "sparseTensors",
  type: "typeProto",
  types: "typeProtos",
} as const satisfies Record<ValueAttributeKind, string>;

/** Reads an attribute; `readGraph` reads the graph at a position among its graphs. */
export function readAttribute(
  message: Message,
  readGraph: (graph: Message, at: number) => OnnxGraph,
): Attribute {
  const kind = kindOf(message);
  const { refAttrName, docString } = message;
  const attribute: Attribute = refAttrName
    ? { kind: "reference", value: String(refAttrName), of: kind }
    : readKind(kind, message[fields[kind]], readGraph);
  return docString === undefined ? attribute : { ...attribute, doc: String(docString) };
}

/** The kind that is stated; files of IR 1 state none and fill one field. */
function kindOf(message: Message): ValueAttributeKind {
  const kinds = Object.keys(fields) as ValueAttributeKind[];
  const stated = kinds.find((kind) => attributeTypes[kind] === message.type);
  const found = message.type ? stated : kinds.find((kind) => message[fields[kind]] !== undefined);
  if (found) return found;
  throw new RoentgenError("file-corrupt", {
    problem: `Cannot read the attribute "${String(message.name ?? "")}" of the ONNX model`,
    expected: "one of the kinds of AttributeProto",
    found: `kind ${String(message.type ?? "undefined")} without a value`,
  });
}

function readKind(
  kind: ValueAttributeKind,
  field: unknown,
  readGraph: (graph: Message, at: number) => OnnxGraph,
): Attribute {
  const messages = (field ?? []) as Message[];
  const message = (field ?? {}) as Message;
  switch (kind) {
    case "int":
      return { kind, value: (field ?? 0) as number | bigint };
    case "float":
      return { kind, value: Number(field ?? 0) };
    case "string":
      return { kind, value: decodeText((field ?? new Uint8Array()) as Uint8Array) };
    case "tensor":
      return { kind, value: readTensor(message) };
    case "graph":
      return { kind, value: readGraph(message, 0) };
    case "sparse":
      return { kind, value: readSparse(message) };
    case "type":
      return { kind, value: readType(message, "type") };
    case "ints":
      return { kind, value: (field ?? []) as (number | bigint)[] };
    case "floats":
      return { kind, value: Array.from((field ?? []) as ArrayLike<number>) };
    case "strings":
      return { kind, value: ((field ?? []) as Uint8Array[]).map((text) => decodeText(text)) };
    case "tensors":
      return { kind, value: messages.map(readTensor) };
    case "graphs":
      return { kind, value: messages.map(readGraph) };
    case "sparses":
      return { kind, value: messages.map(readSparse) };
    case "types":
      return { kind, value: messages.map((type, at) => readType(type, `type${at}`)) };
    default:
      return kind satisfies never;
  }
}

/** The message of an attribute. */
export function attributeMessage(
  name: string,
  attribute: Attribute,
  graphMessage: (graph: OnnxGraph) => Message,
): Message {
  const message: Message = { name, docString: attribute.doc };
  if (attribute.kind === "reference") {
    return { ...message, refAttrName: attribute.value, type: attributeTypes[attribute.of] };
  }
  const type = attributeTypes[attribute.kind];
  return { ...message, type, [fields[attribute.kind]]: fieldOf(attribute, graphMessage) };
}

function fieldOf(
  attribute: Exclude<Attribute, { kind: "reference" }>,
  graphMessage: (graph: OnnxGraph) => Message,
): unknown {
  switch (attribute.kind) {
    case "int":
    case "float":
    case "ints":
    case "floats":
      return attribute.value;
    case "string":
      return encodeText(attribute.value);
    case "strings":
      return encodeTexts(attribute.value);
    case "tensor":
      return tensorMessage(attribute.value);
    case "tensors":
      return attribute.value.map(tensorMessage);
    case "graph":
      return graphMessage(attribute.value);
    case "graphs":
      return attribute.value.map(graphMessage);
    case "sparse":
      return sparseMessage(attribute.value);
    case "sparses":
      return attribute.value.map(sparseMessage);
    case "type":
      return typeMessage(attribute.value);
    case "types":
      return attribute.value.map(typeMessage);
    default:
      return attribute satisfies never;
  }
}

function sparseMessage({ shape, values, indices }: SparseTensor): Message {
  return { values: tensorMessage(values), indices: tensorMessage(indices), dims: shape };
}
