// How elements of each type are held: in memory as in `raw_data` (onnx.proto, TensorProto).

import type { ElementType, OnnxData } from "../model.ts";

/** Element types that are numbers. */
type NumericType = Exclude<ElementType, "string">;

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

/** Entries of the array for each element: two of a complex number, parts of one where elements share a byte. */
const entries: Partial<Record<ElementType, number>> = {
  complex64: 2,
  complex128: 2,
  uint4: 1 / 2,
  int4: 1 / 2,
  float4e2m1: 1 / 2,
  uint2: 1 / 4,
  int2: 1 / 4,
};

/** Length of the array that holds so many elements. */
export function dataLength(type: ElementType, elements: number): number {
  return Math.ceil(elements * (entries[type] ?? 1));
}

/** Bytes of so many elements in `raw_data`. */
export function byteLength(type: NumericType, elements: number): number {
  return dataLength(type, elements) * arrays[type].BYTES_PER_ELEMENT;
}

/** An array of zeros for so many elements. */
export function zeros(type: NumericType, elements: number): Exclude<OnnxData, readonly string[]> {
  return new arrays[type](dataLength(type, elements));
}

/** Elements from their little-endian bytes, which are copied where they are not aligned. */
export function fromBytes(type: NumericType, bytes: Uint8Array, isOwn: boolean): OnnxData {
  const TypedArray = arrays[type];
  const width = TypedArray.BYTES_PER_ELEMENT;
  const own = isOwn && bytes.byteOffset % width === 0 ? bytes : new Uint8Array(bytes);
  return new TypedArray(
    own.buffer as ArrayBuffer,
    own.byteOffset,
    Math.floor(own.byteLength / width),
  );
}

/** Elements from the numbers of one of the typed fields of a tensor. */
export function fromNumbers(type: NumericType, numbers: ArrayLike<number | bigint>): OnnxData {
  const TypedArray = arrays[type];
  if (numbers instanceof TypedArray) return numbers;
  if (TypedArray === BigInt64Array || TypedArray === BigUint64Array) {
    return TypedArray.from(Array.from(numbers, BigInt));
  }
  return (TypedArray as typeof Float64Array).from(numbers as ArrayLike<number>, Number);
}
