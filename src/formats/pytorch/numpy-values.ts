// NumPy arrays and scalars inside a pickle: type, shape and the bytes themselves
// (numpy/core/src/multiarray/methods.c, array_setstate; descriptor.c, arraydescr_setstate).

import {
  columnMajorStrides,
  elementCount,
  rowMajorStrides,
  type Tensor,
} from "../../base/index.ts";
import { damaged, unsupported } from "../damage.ts";
import type { ByteOrder } from "../elements/byte-order.ts";
import { elementTypes, type NumericDType, numbersFromBytes } from "../elements/element-types.ts";
import { parseElementEncoding } from "../npy/element-encoding.ts";
import { globalName, isStructure, type PickleObject, type PickleValue } from "../pickle/values.ts";
import type { Made } from "./known-calls.ts";
import { isCount } from "./storage.ts";

/** An array whose bytes are part of the pickle. */
export interface NumpyArray {
  readonly kind: "array";
  readonly dtype: NumericDType;
  readonly shape: readonly number[];
  read(): Tensor;
}

/** _reconstruct(...) makes an empty array; (version, shape, dtype, is Fortran order, bytes) fill it. */
export function numpyArray({ state }: PickleObject, file: string): NumpyArray {
  const [, size, description, fortran, content] = itemsOf(state);
  const shape = itemsOf(size);
  if (!shape.every(isCount)) {
    throw damaged(file, { expected: "lengths of a NumPy array", found: "other values" });
  }
  const { dtype, order } = elementsOf(description, file);
  const bytes = bytesOf(content, file);
  const wanted = elementCount(shape as number[]) * elementTypes[dtype].byteLength;
  if (bytes.byteLength !== wanted) {
    throw damaged(file, {
      expected: `${wanted} bytes of a NumPy array`,
      found: `${bytes.byteLength}`,
    });
  }
  return arrayOf({ dtype, order, bytes, shape: shape as number[], columnMajor: fortran === true });
}

/** scalar(dtype, bytes). */
export function numpyScalar({ args: [description, content] }: PickleObject, file: string): Made {
  const { dtype, order } = elementsOf(description, file);
  const bytes = bytesOf(content, file);
  if (bytes.byteLength !== elementTypes[dtype].byteLength) {
    throw damaged(file, { expected: `one number of ${dtype}`, found: `${bytes.byteLength} bytes` });
  }
  const { data } = arrayOf({ dtype, order, bytes, shape: [], columnMajor: false }).read();
  return { kind: "value", value: data[0] };
}

/** Bytes in pickles of protocol 2 are text with a call that would encode it. */
export function textAsBytes(text: PickleValue | undefined, file: string): Uint8Array {
  if (text instanceof Uint8Array) return text;
  if (typeof text === "string") {
    return Uint8Array.from(text, (character) => character.charCodeAt(0));
  }
  throw damaged(file, { expected: "bytes of a NumPy array", found: "another value" });
}

function bytesOf(content: PickleValue | undefined, file: string): Uint8Array {
  const encoded =
    isStructure(content) &&
    content.kind === "object" &&
    globalName(content.callable) === "_codecs.encode";
  return textAsBytes(encoded ? content.args[0] : content, file);
}

interface Elements {
  readonly dtype: NumericDType;
  readonly order: ByteOrder;
}

/** dtype("f8", …) whose state is (version, byte order, …). */
function elementsOf(description: PickleValue | undefined, file: string): Elements {
  const isCall = isStructure(description) && description.kind === "object";
  const name = isCall ? description.args[0] : undefined;
  if (!isCall || globalName(description.callable) !== "numpy.dtype" || typeof name !== "string") {
    throw damaged(file, { expected: "the element type of a NumPy array", found: "another value" });
  }
  const mark = itemsOf(description.state)[1];
  const encoding = parseElementEncoding(mark === ">" ? `>${name}` : name, file);
  if (encoding.dtype !== "string") return { dtype: encoding.dtype, order: encoding.byteOrder };
  throw unsupported(file, { expected: "numbers in a NumPy array", found: "text" });
}

function arrayOf({
  dtype,
  order,
  bytes,
  shape,
  columnMajor,
}: Elements & { bytes: Uint8Array; shape: number[]; columnMajor: boolean }): NumpyArray {
  const strides = columnMajor ? columnMajorStrides(shape) : rowMajorStrides(shape);
  return {
    ...{ kind: "array", dtype, shape },
    read: () => ({ dtype, shape, strides, data: numbersFromBytes(bytes.slice(), dtype, order) }),
  };
}

function itemsOf(value: PickleValue | undefined): readonly PickleValue[] {
  return isStructure(value) && value.kind === "tuple" ? value.items : [];
}
