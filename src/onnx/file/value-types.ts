// Types of values (TypeProto, ValueInfoProto) from messages and back.

import type { ContainerType, Dimension, OnnxValue, TensorType } from "../model.ts";
import { notesMessage, readNotes } from "./notes.ts";
import type { Message } from "./read-message.ts";
import { readElementType } from "./read-tensor.ts";
import { elementTypes } from "./schema.ts";

/** An input, output or value in between; `scope` tells the graphs of one file apart. */
export function readValue(message: Message, scope: string): OnnxValue {
  const name = String(message.name ?? "");
  const type = (message.type ?? {}) as Message;
  const container = readType(type, `${scope}${name}`);
  const meaning = type.denotation as string | undefined;
  const isPlain = container.container === "tensor" || container.container === "any";
  return {
    name,
    ...innermost(container),
    ...(!isPlain && { container }),
    ...(meaning !== undefined && { meaning }),
    ...readNotes(message),
  };
}

/** The message of an input, output or value in between. */
export function valueMessage(value: OnnxValue): Message {
  const { name, type, meaning } = value;
  const container: ContainerType =
    value.container ?? (type ? { ...value, type, container: "tensor" } : { container: "any" });
  const message = { ...typeMessage(container), denotation: meaning };
  const isEmpty = Object.values(message).every((field) => field === undefined);
  return { name, type: isEmpty ? undefined : message, ...notesMessage(value) };
}

/** A type; `label` makes the names of lengths that it leaves open. */
export function readType(message: Message, label: string): ContainerType {
  if (message.tensorType) return readTensorType("tensor", message.tensorType as Message, label);
  if (message.sparseTensorType) {
    return readTensorType("sparse", message.sparseTensorType as Message, label);
  }
  if (message.sequenceType) return { container: "sequence", of: elementOf(message.sequenceType) };
  if (message.optionalType) return { container: "optional", of: elementOf(message.optionalType) };
  if (message.mapType) {
    const { keyType, valueType } = message.mapType as Message;
    const of = readType((valueType ?? {}) as Message, label);
    return { container: "map", key: readElementType(keyType), of };
  }
  if (message.opaqueType) {
    const { domain = "", name = "" } = message.opaqueType as Record<string, string>;
    return { container: "opaque", domain, name };
  }
  return { container: "any" };

  function elementOf(element: unknown): ContainerType {
    return readType(((element as Message).elemType ?? {}) as Message, label);
  }
}

/** The message of a type. */
export function typeMessage(type: ContainerType): Message {
  switch (type.container) {
    case "tensor":
      return { tensorType: tensorTypeMessage(type) };
    case "sparse":
      return { sparseTensorType: tensorTypeMessage(type) };
    case "sequence":
      return { sequenceType: { elemType: typeMessage(type.of) } };
    case "optional":
      return { optionalType: { elemType: typeMessage(type.of) } };
    case "map":
      return { mapType: { keyType: elementTypes[type.key], valueType: typeMessage(type.of) } };
    case "opaque":
      return { opaqueType: { domain: type.domain, name: type.name } };
    case "any":
      return {};
    default:
      return type satisfies never;
  }
}

function readTensorType<Kind extends "tensor" | "sparse">(
  container: Kind,
  { elemType, shape }: Message,
  label: string,
): ({ container: Kind } & TensorType) | { container: "any" } {
  // Shape inference of some exporters leaves the element type open.
  if (!elemType) return { container: "any" };
  const type = readElementType(elemType);
  if (!shape) return { container, type };
  const dims = ((shape as Message).dim ?? []) as Message[];
  const meanings = dims.map(({ denotation }) => String(denotation ?? ""));
  return {
    container,
    type,
    shape: dims.map((dim, axis) => readDimension(dim, `?${label}:${axis}`)),
    ...(meanings.some(Boolean) && { axisMeanings: meanings }),
  };
}

/** A length; exporters that do not know one leave it out, name it "" or write −1. */
function readDimension({ dimValue, dimParam }: Message, open: string): Dimension {
  if (dimValue !== undefined && Number(dimValue) >= 0) return Number(dimValue);
  return dimParam ? String(dimParam) : open;
}

function tensorTypeMessage({ type, shape, axisMeanings }: TensorType): Message {
  const dim = shape?.map((length, axis) => ({
    ...dimensionMessage(length),
    denotation: axisMeanings?.[axis] || undefined,
  }));
  return { elemType: elementTypes[type], shape: dim && { dim } };
}

function dimensionMessage(length: Dimension): Message {
  if (typeof length === "number") return { dimValue: length };
  return length.startsWith("?") ? {} : { dimParam: length };
}

/** Type of the tensors inside a container, as far as there is one. */
function innermost(type: ContainerType): Partial<TensorType> {
  switch (type.container) {
    case "tensor":
    case "sparse": {
      const { container: _, ...inside } = type;
      return inside;
    }
    case "sequence":
    case "optional":
    case "map":
      return innermost(type.of);
    case "opaque":
    case "any":
      return {};
    default:
      return type satisfies never;
  }
}
