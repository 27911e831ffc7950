// The bytes of a .onnx file to the model in memory.

import { RoentgenError } from "../../base/index.ts";
import type {
  Attribute,
  ElementType,
  OnnxData,
  OnnxGraph,
  OnnxModel,
  OnnxNode,
  OnnxTensor,
  OnnxValue,
} from "../model.ts";
import { attributeTypes, elementTypes } from "./schema.ts";
import { decodeMessage, type Message } from "./wire.ts";

const utf8 = new TextDecoder();

const arrays = {
  bool: Uint8Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  float16: Uint16Array,
  float32: Float32Array,
  float64: Float64Array,
  complex64: Float32Array,
  complex128: Float64Array,
  bfloat16: Uint16Array,
  float8e4m3fn: Uint8Array,
  float8e4m3fnuz: Uint8Array,
  float8e5m2: Uint8Array,
  float8e5m2fnuz: Uint8Array,
  float8e8m0: Uint8Array,
  uint4: Uint8Array,
  int4: Uint8Array,
  float4e2m1: Uint8Array,
  uint2: Uint8Array,
  int2: Uint8Array,
} as const;

/**
 * Reads an ONNX model.
 * @throws RoentgenError "file-corrupt" where the bytes are no model, "format-unsupported" where it
 * uses subgraphs, sparse tensors or external data, which this reader does not take in.
 */
export function decodeModel(bytes: Uint8Array): OnnxModel {
  const message = decodeMessage("ModelProto", bytes);
  if (!message.graph || !message.opsetImport) {
    throw new RoentgenError("file-corrupt", {
      problem: "Cannot read the ONNX model",
      expected: "a graph and the operator sets it uses",
      found: message.graph ? "no operator sets" : "no graph",
      remedy: "The file is damaged or is not an ONNX model.",
    });
  }
  return {
    irVersion: Number(message.irVersion ?? 0),
    producer: String(message.producerName ?? ""),
    opsets: Object.fromEntries(
      list(message.opsetImport).map(({ domain = "", version }) => [domain, Number(version)]),
    ),
    metadata: Object.fromEntries(
      list(message.metadataProps).map(({ key = "", value = "" }) => [key, String(value)]),
    ),
    graph: graphOf(message.graph as Message),
  };
}

function list(messages: unknown): Message[] {
  return (messages ?? []) as Message[];
}

function graphOf(message: Message): OnnxGraph {
  return {
    name: String(message.name ?? ""),
    inputs: list(message.input).map(valueInfoOf),
    outputs: list(message.output).map(valueInfoOf),
    initializers: list(message.initializer).map((item) => ({
      ...tensorOf(item),
      name: String(item.name ?? ""),
    })),
    nodes: list(message.node).map(nodeOf),
  };
}

function nodeOf(message: Message): OnnxNode {
  return {
    operator: String(message.opType ?? ""),
    domain: String(message.domain ?? ""),
    name: String(message.name ?? ""),
    inputs: (message.input ?? []) as string[],
    outputs: (message.output ?? []) as string[],
    attributes: Object.fromEntries(
      list(message.attribute).map((item) => [String(item.name), attributeOf(item)]),
    ),
  };
}

function attributeOf(message: Message): Attribute {
  switch (message.type) {
    case attributeTypes.int:
      return { kind: "int", value: Number(message.i ?? 0) };
    case attributeTypes.float:
      return { kind: "float", value: Number(message.f ?? 0) };
    case attributeTypes.string:
      return { kind: "string", value: utf8.decode(message.s as Uint8Array | undefined) };
    case attributeTypes.tensor:
      return { kind: "tensor", value: tensorOf((message.t ?? {}) as Message) };
    case attributeTypes.ints:
      return { kind: "ints", value: (message.ints ?? []) as number[] };
    case attributeTypes.floats:
      return { kind: "floats", value: (message.floats ?? []) as number[] };
    case attributeTypes.strings:
      return {
        kind: "strings",
        value: ((message.strings ?? []) as Uint8Array[]).map((value) => utf8.decode(value)),
      };
    default:
      throw unsupported(`attribute "${String(message.name)}" of kind ${String(message.type)}`);
  }
}

function tensorOf(message: Message): OnnxTensor {
  const type = elementTypeOf(message.dataType);
  if (message.dataLocation === 1)
    throw unsupported(`tensor "${String(message.name)}" in another file`);
  const shape = ((message.dims ?? []) as number[]).map(Number);
  const count = shape.reduce((product, length) => product * length, 1);
  const data = tensorData(message, type);
  if (data.length !== count) {
    throw new RoentgenError("file-corrupt", {
      problem: `Cannot read tensor "${String(message.name ?? "")}" of the ONNX model`,
      expected: `${count} values for the shape [${shape.join(", ")}]`,
      found: `${data.length}`,
    });
  }
  return { type, shape, data };
}

function tensorData(message: Message, type: ElementType): OnnxData {
  if (type === "string") {
    return ((message.stringData ?? []) as Uint8Array[]).map((value) => utf8.decode(value));
  }
  const TypedArray = arrays[type];
  if (message.rawData) {
    const raw = message.rawData as Uint8Array;
    const width = TypedArray.BYTES_PER_ELEMENT;
    // Copied, because the bytes inside the file need not be aligned.
    return new TypedArray(raw.slice().buffer, 0, Math.floor(raw.length / width));
  }
  if (type === "int64") return BigInt64Array.from((message.int64Data ?? []) as number[], BigInt);
  if (type === "uint64") return BigUint64Array.from((message.uint64Data ?? []) as number[], BigInt);
  const numbers =
    message.floatData ?? message.doubleData ?? message.int32Data ?? message.uint64Data;
  return (TypedArray as typeof Float64Array).from((numbers ?? []) as number[]);
}

function valueInfoOf(message: Message): OnnxValue {
  const tensor = ((message.type as Message)?.tensorType ?? undefined) as Message | undefined;
  if (!tensor) throw unsupported(`input or output "${String(message.name)}" that is not a tensor`);
  const dims = list((tensor.shape as Message | undefined)?.dim);
  return {
    name: String(message.name ?? ""),
    type: elementTypeOf(tensor.elemType),
    shape: dims.map((dim) =>
      dim.dimValue === undefined ? String(dim.dimParam ?? "?") : Number(dim.dimValue),
    ),
  };
}

function elementTypeOf(number: unknown): ElementType {
  const found = Object.entries(elementTypes).find(([, value]) => value === number);
  if (!found) throw unsupported(`element type ${String(number)}`);
  return found[0] as ElementType;
}

function unsupported(what: string): RoentgenError {
  return new RoentgenError("format-unsupported", {
    problem: `Cannot take in the ONNX model: it has ${what}, which is not supported yet`,
  });
}
