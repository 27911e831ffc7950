// How each numeric dtype lies in a file: its bytes, the unit that byte order swaps, the array that holds it.

import type { DType, TensorData } from "../../base/index.ts";
import { RoentgenError } from "../../base/index.ts";
import type { ByteOrder } from "./byte-order.ts";
import { nativeByteOrder, swapBytesInPlace } from "./byte-order.ts";
import { halfsToFloats } from "./half-float.ts";

export type NumericDType = Exclude<DType, "string">;
export type NumericData = Exclude<TensorData, string[]>;

/** The constructor of any typed array. */
interface NumericArray {
  new (buffer: ArrayBuffer, byteOffset?: number, length?: number): NumericData;
  new (numbers: ArrayLike<number>): NumericData;
  from<T>(values: ArrayLike<T>, map: (value: T) => number | bigint): NumericData;
}

interface ElementType {
  /** Bytes of one element in a file. */
  readonly byteLength: number;
  /** Bytes of the number that byte order turns round: a part of a complex number, not the whole. */
  readonly unit: number;
  /** What holds the bytes as they are in the file. */
  readonly array: NumericArray;
  /** Numbers in `array` for each element: 2 where complex. */
  readonly parts: number;
}

const real = (byteLength: number, array: unknown): ElementType => ({
  byteLength,
  unit: byteLength,
  array: array as NumericArray,
  parts: 1,
});

const complex = (unit: number, array: unknown): ElementType => ({
  byteLength: 2 * unit,
  unit,
  array: array as NumericArray,
  parts: 2,
});

export const elementTypes: Readonly<Record<NumericDType, ElementType>> = {
  bool: real(1, Uint8Array),
  int8: real(1, Int8Array),
  uint8: real(1, Uint8Array),
  int16: real(2, Int16Array),
  uint16: real(2, Uint16Array),
  int32: real(4, Int32Array),
  uint32: real(4, Uint32Array),
  int64: real(8, BigInt64Array),
  uint64: real(8, BigUint64Array),
  float16: real(2, Uint16Array),
  float32: real(4, Float32Array),
  float64: real(8, Float64Array),
  complex64: complex(4, Float32Array),
  complex128: complex(8, Float64Array),
};

/** Numbers stored for each element: two for complex dtypes. */
export function partsOf(dtype: DType): number {
  return dtype === "string" ? 1 : elementTypes[dtype].parts;
}

/**
 * Turns the bytes of a file into a tensor's data, in place where possible.
 * `bytes` must belong to the caller: they are swapped where they lie.
 */
export function numbersFromBytes(
  bytes: Uint8Array,
  dtype: NumericDType,
  order: ByteOrder,
): NumericData {
  const { array: Numbers, unit } = elementTypes[dtype];
  const aligned = bytes.byteOffset % unit === 0 ? bytes : new Uint8Array(bytes);
  if (order !== nativeByteOrder) swapBytesInPlace(aligned, unit);
  const count = aligned.byteLength / unit;
  const numbers = new Numbers(aligned.buffer as ArrayBuffer, aligned.byteOffset, count);
  if (dtype === "float16") return halfsToFloats(numbers as Uint16Array);
  if (dtype === "bool") normaliseTruthInPlace(numbers as Uint8Array);
  return numbers;
}

/** Memory for `byteLength` bytes; a "too-large" error names what does not fit. */
export function allocateBytes(byteLength: number, subject: string): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(byteLength);
  } catch (cause) {
    throw new RoentgenError("too-large", {
      problem: `There is not enough memory for ${subject}`,
      expected: `room for ${byteLength} bytes in one piece`,
      remedy: "Save it in smaller parts, or in a narrower type such as float32.",
      subject,
      cause,
    });
  }
}

/** Any byte but 0 is true; the tensor holds 0 and 1. */
function normaliseTruthInPlace(bytes: Uint8Array): void {
  for (let index = 0; index < bytes.length; index++) if (bytes[index] > 1) bytes[index] = 1;
}
