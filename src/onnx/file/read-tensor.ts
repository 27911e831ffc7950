// Tensors of ONNX messages: typed fields, raw bytes, and sparse ones made dense.

import { elementCount, RoentgenError } from "../../base/index.ts";
import type { ElementType, OnnxData, OnnxTensor, SparseTensor } from "../model.ts";
import { byteLength, dataLength, fromBytes, fromNumbers, zeros } from "./element-types.ts";
import { readNotes } from "./notes.ts";
import type { Message } from "./read-message.ts";
import { elementTypes } from "./schema.ts";
import { decodeText } from "./text.ts";

/** Bytes that one sparse tensor may take once it is dense: a file of few bytes can ask for any number. */
const LARGEST_DENSE = 2 ** 28;

/** TensorProto.DataLocation.EXTERNAL. */
export const EXTERNAL = 1;

/** A tensor; what it lacks is as onnx.proto says. */
export function readTensor(message: Message): OnnxTensor {
  const name = message.name as string | undefined;
  const type = readElementType(message.dataType);
  if (message.dataLocation === EXTERNAL) throw inOtherFile(name);
  const shape = readLengths(message.dims, name);
  const data = dataOf(message, type);
  const wanted = dataLength(type, elementCount(shape));
  if (data.length !== wanted) {
    throw badTensor(
      name,
      `${wanted} values of ${type} for the shape [${shape.join(", ")}]`,
      data.length,
    );
  }
  return { ...(name !== undefined && { name }), type, shape, data, ...readNotes(message) };
}

/** Bytes of a tensor in another file; strings can't be there. */
export function externalLength(message: Message): number {
  const name = message.name as string | undefined;
  const type = readElementType(message.dataType);
  if (type === "string") throw badTensor(name, "numbers in the other file", "text");
  return byteLength(type, elementCount(readLengths(message.dims, name)));
}

/** A sparse tensor as it is in the file. */
export function readSparse(message: Message): SparseTensor {
  const values = readTensor((message.values ?? {}) as Message);
  const indices = readTensor((message.indices ?? {}) as Message);
  return { shape: readLengths(message.dims, values.name), values, indices };
}

/**
 * A sparse tensor with its zeros.
 * @throws RoentgenError "too-large" where that takes more than 256 MiB
 */
export function densify({ shape, values, indices }: SparseTensor): OnnxTensor {
  const { type, name } = values;
  const elements = elementCount(shape);
  const isWhole = type !== "string" && dataLength(type, 2) >= 2;
  if (!isWhole) throw badTensor(name, "whole numbers of bytes for each value", type);
  if (byteLength(type, elements) > LARGEST_DENSE) {
    throw new RoentgenError("too-large", {
      problem: `Cannot read the sparse tensor "${name ?? ""}" of the ONNX model`,
      expected: `at most ${LARGEST_DENSE} bytes with its zeros`,
      found: `the shape [${shape.join(", ")}]`,
      subject: name,
    });
  }
  const data = zeros(type, elements);
  const width = dataLength(type, 1);
  const positions = flatPositions({ shape, values, indices });
  for (const [at, position] of positions.entries()) {
    const value = (values.data as Uint8Array).subarray(at * width, (at + 1) * width);
    (data as Uint8Array).set(value, position * width);
  }
  return { ...values, shape, data };
}

/** Position of each value in row-major order. */
function flatPositions({ shape, values, indices }: SparseTensor): number[] {
  const count = elementCount(values.shape);
  const rank = indices.shape.length === 2 ? shape.length : 1;
  const fits = indices.type === "int64" && indices.data.length === count * rank;
  if (!fits) throw badTensor(values.name, `int64 indices of ${count} values`, indices.shape.join());
  const lengths = indices.shape.length === 2 ? shape : [elementCount(shape)];
  return Array.from({ length: count }, (_, at) =>
    lengths.reduce((position, length, axis) => {
      const index = Number(indices.data[at * rank + axis]);
      if (index < 0 || index >= length) {
        throw badTensor(values.name, `indices below ${length}`, index);
      }
      return position * length + index;
    }, 0),
  );
}

/** The element type of a number of TensorProto.DataType. */
export function readElementType(number: unknown): ElementType {
  const found = namesByNumber.get(number as number);
  if (found) return found;
  throw new RoentgenError("format-unsupported", {
    problem: `Cannot take in the ONNX model: it has element type ${String(number ?? 0)}`,
    expected: "one of the types of TensorProto.DataType up to 26",
  });
}

const namesByNumber = new Map<number, ElementType>(
  Object.entries(elementTypes).map(([name, number]) => [number, name as ElementType]),
);

function readLengths(dims: unknown, name: string | undefined): number[] {
  const shape = Array.from((dims ?? []) as ArrayLike<number | bigint>, Number);
  const isShape = shape.every((length) => length >= 0) && elementCount(shape) < 2 ** 53;
  if (!isShape) throw badTensor(name, "lengths of axes", `[${shape.join(", ")}]`);
  return shape;
}

function dataOf(message: Message, type: ElementType): OnnxData {
  if (type === "string") {
    return ((message.stringData ?? []) as Uint8Array[]).map((value) => decodeText(value));
  }
  if (message.rawData) {
    return fromBytes(type, message.rawData as Uint8Array, message.rawIsOwn === true);
  }
  const numbers =
    message.floatData ??
    message.doubleData ??
    message.int64Data ??
    message.uint64Data ??
    message.int32Data;
  return fromNumbers(type, (numbers ?? []) as number[]);
}

function badTensor(name: string | undefined, expected: string, found: unknown): RoentgenError {
  return new RoentgenError("file-corrupt", {
    problem: `Cannot read tensor "${name ?? ""}" of the ONNX model`,
    expected,
    found: String(found),
    subject: name,
  });
}

function inOtherFile(name: string | undefined): RoentgenError {
  return new RoentgenError("value-missing", {
    problem: `Cannot read tensor "${name ?? ""}" of the ONNX model: its data are in another file`,
    remedy: "Open the model with `readModel` and a function that opens the files beside it.",
    subject: name,
  });
}
