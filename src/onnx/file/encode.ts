// An ONNX model in memory to the bytes of a .onnx file.

import { RoentgenError } from "../../base/index.ts";
import type {
  Initializer,
  OnnxFunction,
  OnnxGraph,
  OnnxModel,
  OnnxNode,
  OnnxTraining,
} from "../model.ts";
import { attributeMessage } from "./attribute.ts";
import { entriesMessage, notesMessage } from "./notes.ts";
import type { Message } from "./read-message.ts";
import { valueMessage } from "./value-types.ts";
import { encodeMessage } from "./write-message.ts";
import { bytesOf, tensorMessage } from "./write-tensor.ts";

/** Bytes of a protocol-buffer message at most (its encoding guide, "Size limit"). */
const LARGEST_FILE = 2 ** 31 - 1;

/**
 * The file's bytes; equal models give equal bytes.
 * @throws RoentgenError "too-large" where that would be 2 GiB or more
 */
export function encodeModel(model: OnnxModel): Uint8Array {
  const size = model.graph.initializers.reduce((sum, tensor) => sum + sizeOf(tensor), 0);
  if (size > LARGEST_FILE) {
    throw new RoentgenError("too-large", {
      problem: "Cannot write the ONNX model into one file",
      expected: "less than 2 GiB",
      found: `${size} bytes of tensors`,
      remedy: "Write it with `splitModel`, which puts large tensors into a file beside it.",
    });
  }
  return encodeMessage("ModelProto", modelMessage(model, tensorMessage));
}

function sizeOf(tensor: Initializer): number {
  return tensor.type === "string" ? 0 : bytesOf(tensor).byteLength;
}

/** The message of a model; `initializerMessage` says where the elements of its own initializers are. */
export function modelMessage(
  model: OnnxModel,
  initializerMessage: (tensor: Initializer) => Message,
): Message {
  return {
    irVersion: model.irVersion,
    producerName: model.producer,
    producerVersion: model.producerVersion,
    domain: model.domain,
    modelVersion: model.version,
    graph: graphMessage(model.graph, initializerMessage),
    opsetImport: opsetMessages(model.opsets),
    trainingInfo: model.training?.map(trainingMessage),
    functions: model.functions?.map(functionMessage),
    ...notesMessage(model),
    metadataProps: entriesMessage(model.metadata),
  };
}

function opsetMessages(opsets: Readonly<Record<string, number>>): Message[] {
  return Object.entries(opsets).map(([domain, version]) => ({ domain, version }));
}

function graphMessage(
  graph: OnnxGraph,
  initializerMessage: (tensor: Initializer) => Message = tensorMessage,
): Message {
  return {
    name: graph.name,
    node: graph.nodes.map(nodeMessage),
    initializer: graph.initializers.map(initializerMessage),
    input: graph.inputs.map(valueMessage),
    output: graph.outputs.map(valueMessage),
    valueInfo: graph.values?.map(valueMessage),
    quantizationAnnotation: graph.quantization?.map(({ tensor, parameters }) => ({
      tensorName: tensor,
      quantParameterTensorNames: entriesMessage(parameters),
    })),
    ...notesMessage(graph),
  };
}

function nodeMessage(node: OnnxNode): Message {
  return {
    input: node.inputs,
    output: node.outputs,
    name: node.name,
    opType: node.operator,
    attribute: attributeMessages(node.attributes),
    domain: node.domain || undefined,
    overload: node.overload,
    ...notesMessage(node),
  };
}

function attributeMessages(attributes: OnnxNode["attributes"]): Message[] {
  return Object.entries(attributes).map(([name, attribute]) =>
    attributeMessage(name, attribute, (graph) => graphMessage(graph)),
  );
}

function functionMessage(definition: OnnxFunction): Message {
  return {
    name: definition.name,
    input: definition.inputs,
    output: definition.outputs,
    attribute: definition.attributes,
    attributeProto: attributeMessages(definition.defaults),
    node: definition.nodes.map(nodeMessage),
    opsetImport: opsetMessages(definition.opsets),
    domain: definition.domain,
    overload: definition.overload,
    valueInfo: definition.values?.map(valueMessage),
    ...notesMessage(definition),
  };
}

function trainingMessage(training: OnnxTraining): Message {
  return {
    initialization: training.initialization && graphMessage(training.initialization),
    algorithm: training.algorithm && graphMessage(training.algorithm),
    initializationBinding: entriesMessage(training.initializes),
    updateBinding: entriesMessage(training.updates),
  };
}
