// The bytes of a .onnx file to the model in memory.

import { RoentgenError } from "../../base/index.ts";
import type {
  Attribute,
  Attributes,
  Initializer,
  OnnxFunction,
  OnnxGraph,
  OnnxModel,
  OnnxNode,
  OnnxTraining,
  OnnxValue,
  QuantizationNote,
} from "../model.ts";
import { readAttribute } from "./attribute.ts";
import { readEntries, readNotes } from "./notes.ts";
import { decodeMessage, type Message } from "./read-message.ts";
import { densify, readSparse, readTensor } from "./read-tensor.ts";
import { readValue } from "./value-types.ts";

/**
 * Reads an ONNX model that has all its tensors inside. Sparse initializers become dense.
 * @throws RoentgenError "file-corrupt" where the bytes are no model, "value-missing" where a tensor is in another file
 */
export function decodeModel(bytes: Uint8Array): OnnxModel {
  return modelOf(decodeMessage("ModelProto", bytes));
}

/** The model of a message whose tensors are all inside. */
export function modelOf(message: Message): OnnxModel {
  if (!message.graph) {
    throw new RoentgenError("file-corrupt", {
      problem: "Cannot read the ONNX model",
      expected: "a graph",
      found: "none",
      remedy: "The file is damaged or is not an ONNX model.",
    });
  }
  const { producerVersion, domain, modelVersion, functions, trainingInfo } = message;
  return {
    irVersion: Number(message.irVersion ?? 0),
    opsets: opsetsOf(message.opsetImport),
    producer: String(message.producerName ?? ""),
    ...(producerVersion !== undefined && { producerVersion: producerVersion as string }),
    ...(domain !== undefined && { domain: domain as string }),
    ...(modelVersion !== undefined && { version: modelVersion as number | bigint }),
    ...readNotes(message),
    metadata: readEntries(message.metadataProps),
    graph: graphOf(message.graph as Message, ""),
    ...(functions !== undefined && { functions: list(functions).map(functionOf) }),
    ...(trainingInfo !== undefined && { training: list(trainingInfo).map(trainingOf) }),
  };
}

function list(messages: unknown): Message[] {
  return (messages ?? []) as Message[];
}

/** Versions by domain; files before IR 3 import none and mean the first. "ai.onnx" is another name of "". */
function opsetsOf(messages: unknown): Record<string, number> {
  if (messages === undefined) return { "": 1 };
  const opsets = new Map<string, number>();
  for (const { domain, version } of list(messages)) {
    const name = domainOf(domain);
    opsets.set(name, Math.max(Number(version ?? 1), opsets.get(name) ?? 0));
  }
  return Object.fromEntries(opsets);
}

function domainOf(domain: unknown): string {
  return domain === "ai.onnx" ? "" : String(domain ?? "");
}

function graphOf(message: Message, scope: string): OnnxGraph {
  const { valueInfo, quantizationAnnotation } = message;
  return {
    name: String(message.name ?? ""),
    inputs: valuesOf(message.input, scope),
    outputs: valuesOf(message.output, scope),
    initializers: [
      ...list(message.initializer).map(initializerOf),
      ...list(message.sparseInitializer).map(sparseInitializerOf),
    ],
    nodes: list(message.node).map((node) => nodeOf(node, scope)),
    ...(valueInfo !== undefined && { values: valuesOf(valueInfo, scope) }),
    ...(quantizationAnnotation !== undefined && {
      quantization: list(quantizationAnnotation).map(quantizationOf),
    }),
    ...readNotes(message),
  };
}

function valuesOf(messages: unknown, scope: string): OnnxValue[] {
  return list(messages).map((message) => readValue(message, scope));
}

function initializerOf(message: Message): Initializer {
  return { ...readTensor(message), name: String(message.name ?? "") };
}

function sparseInitializerOf(message: Message): Initializer {
  const tensor = densify(readSparse(message));
  return { ...tensor, name: tensor.name ?? "" };
}

function quantizationOf(message: Message): QuantizationNote {
  return {
    tensor: String(message.tensorName ?? ""),
    parameters: readEntries(message.quantParameterTensorNames),
  };
}

function nodeOf(message: Message, scope: string): OnnxNode {
  const { overload } = message;
  const outputs = (message.output ?? []) as string[];
  const node = {
    operator: String(message.opType ?? ""),
    domain: domainOf(message.domain),
    ...(overload !== undefined && { overload: overload as string }),
    name: String(message.name ?? ""),
    inputs: (message.input ?? []) as string[],
    outputs,
    attributes: attributesOf(message.attribute, `${scope}${outputs.find(Boolean) ?? ""}.`),
    ...readNotes(message),
  };
  return node.operator === "Constant" && node.domain === "" ? withDenseValue(node) : node;
}

function attributesOf(messages: unknown, scope: string): Attributes {
  return Object.fromEntries(
    list(messages).map((message): [string, Attribute] => {
      const name = String(message.name ?? "");
      const readGraph = (graph: Message, at: number) => graphOf(graph, `${scope}${name}${at}/`);
      return [name, readAttribute(message, readGraph)];
    }),
  );
}

/** A Constant with `sparse_value` as one with `value`: they mean the same. */
function withDenseValue(node: OnnxNode): OnnxNode {
  const { sparse_value: sparse, ...others } = node.attributes;
  if (sparse?.kind !== "sparse") return node;
  return {
    ...node,
    attributes: { ...others, value: { kind: "tensor", value: densify(sparse.value) } },
  };
}

function functionOf(message: Message): OnnxFunction {
  const { overload, valueInfo } = message;
  const name = String(message.name ?? "");
  return {
    domain: domainOf(message.domain),
    name,
    ...(overload !== undefined && { overload: overload as string }),
    inputs: (message.input ?? []) as string[],
    outputs: (message.output ?? []) as string[],
    attributes: (message.attribute ?? []) as string[],
    defaults: attributesOf(message.attributeProto, `${name}.`),
    opsets: opsetsOf(message.opsetImport),
    nodes: list(message.node).map((node) => nodeOf(node, `${name}/`)),
    ...(valueInfo !== undefined && { values: valuesOf(valueInfo, `${name}/`) }),
    ...readNotes(message),
  };
}

function trainingOf(message: Message): OnnxTraining {
  const { initialization, algorithm } = message;
  return {
    ...(initialization !== undefined && {
      initialization: graphOf(initialization as Message, "initialization/"),
    }),
    ...(algorithm !== undefined && { algorithm: graphOf(algorithm as Message, "algorithm/") }),
    initializes: readEntries(message.initializationBinding),
    updates: readEntries(message.updateBinding),
  };
}
