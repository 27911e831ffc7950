// The tensors of the reference evaluator: numbers of every element type as float64, so that a formula is written once.

import { RoentgenError } from "../../base/index.ts";
import type { ElementType, OnnxData, OnnxTensor } from "../model.ts";
import { halfToNumber, numberToBfloat, numberToHalf } from "./half.ts";

/**
 * A tensor whose numbers are float64 whatever its element type says, bool as 0 and 1. 64-bit integers are exact up to
 * 2⁵³ in magnitude; beyond they are rounded to the next float64.
 */
export interface PlainTensor extends OnnxTensor {
  readonly data: Float64Array | readonly string[];
}

/** A plain tensor of numbers. */
export interface Numbers extends PlainTensor {
  readonly data: Float64Array;
}

const arrays = {
  bool: Uint8Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  float32: Float32Array,
  float64: Float64Array,
} as const;

const largest = { int64: 2n ** 63n - 1n, uint64: 2n ** 64n - 1n } as const;
const smallest = { int64: -(2n ** 63n), uint64: 0n } as const;

/** Numbers of float32, float16, … as float64; a tensor that is plain already stays as it is. */
export function plainTensor({ type, shape, data }: OnnxTensor): PlainTensor {
  if (data instanceof Float64Array || isTexts(data)) return { type, shape, data };
  if (type === "float16")
    return { type, shape, data: Float64Array.from(data as Uint16Array, halfToNumber) };
  if (type === "bfloat16") {
    const bits = Uint32Array.from(data as Uint16Array, (half) => half << 16);
    return { type, shape, data: Float64Array.from(new Float32Array(bits.buffer)) };
  }
  if (!(type in arrays) && !(type in largest)) throw unsupportedType(type);
  return { type, shape, data: Float64Array.from(data as ArrayLike<number | bigint>, Number) };
}

/** Back to arrays of the element type, rounded to it; 64-bit integers are clamped to their range. */
export function onnxTensor({ type, shape, data }: PlainTensor): OnnxTensor {
  if (isTexts(data)) return { type, shape, data };
  return { type, shape, data: typedData(type, data) };
}

function typedData(type: ElementType, data: Float64Array): OnnxData {
  if (type === "float16") return Uint16Array.from(data, numberToHalf);
  if (type === "bfloat16") return Uint16Array.from(data, numberToBfloat);
  if (type === "int64" || type === "uint64") {
    const clamped = (value: number) => {
      const whole = BigInt(Math.trunc(value));
      if (whole > largest[type]) return largest[type];
      return whole < smallest[type] ? smallest[type] : whole;
    };
    const integers = Array.from(data, clamped);
    return type === "int64" ? BigInt64Array.from(integers) : BigUint64Array.from(integers);
  }
  const TypedArray = arrays[type as keyof typeof arrays] as typeof Float64Array | undefined;
  if (!TypedArray) throw unsupportedType(type);
  return TypedArray.from(data);
}

/** Float64 numbers rounded to what the element type can hold: integers wrap, floats round. */
export function roundedTensor(tensor: PlainTensor): PlainTensor {
  const { type, shape, data } = tensor;
  const isWide = type === "float64" || type === "int64" || type === "uint64";
  if (isWide || isTexts(data)) return tensor;
  return plainTensor({ type, shape, data: typedData(type, data) });
}

/** Whether a type's numbers are whole. */
export function isInteger(type: ElementType): boolean {
  return /^u?int\d+$/.test(type);
}

/** Whether elements are strings. */
export function isTexts(data: OnnxData): data is readonly string[] {
  return Array.isArray(data);
}

function unsupportedType(type: ElementType): RoentgenError {
  return new RoentgenError("format-unsupported", {
    problem: `The evaluator has no arithmetic for elements of type ${type}`,
    expected: `bool, integers of 8 to 64 bits, float16, bfloat16, float32, float64 or string`,
  });
}
