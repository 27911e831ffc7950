// Element types of weights by name, those too that no typed array holds, and how their bytes become numbers.

import type { TensorData } from "../../base/index.ts";
import type { ByteOrder } from "../elements/byte-order.ts";
import { elementTypes, type NumericDType, numbersFromBytes } from "../elements/element-types.ts";
import {
  bfloatsToFloats,
  bytesToFloats,
  float8E4M3,
  float8E5M2,
  float8E8M0,
} from "../elements/narrow-floats.ts";

/** How elements of a type lie in a file and what they become. */
export interface StoredType {
  readonly storedAs: string;
  readonly byteLength: number;
  /** float32 for the narrow floats without a type of their own: it holds each of their values. */
  readonly dtype: NumericDType;
  /** The bytes belong to the callee. */
  decode(bytes: Uint8Array, order: ByteOrder): TensorData;
}

const plain = (dtype: NumericDType): StoredType => ({
  storedAs: dtype,
  dtype,
  byteLength: elementTypes[dtype].byteLength,
  decode: (bytes, order) => numbersFromBytes(bytes, dtype, order),
});

const float8 = (storedAs: string, table: Float32Array): StoredType => ({
  storedAs,
  dtype: "float32",
  byteLength: 1,
  decode: (bytes) => bytesToFloats(bytes, table),
});

const bfloat16: StoredType = {
  storedAs: "bfloat16",
  dtype: "float32",
  byteLength: 2,
  decode: (bytes, order) =>
    bfloatsToFloats(numbersFromBytes(bytes, "uint16", order) as Uint16Array),
};

const all: readonly StoredType[] = [
  ...(Object.keys(elementTypes) as NumericDType[]).map(plain),
  bfloat16,
  float8("float8_e4m3", float8E4M3),
  float8("float8_e5m2", float8E5M2),
  float8("float8_e8m0", float8E8M0),
];

/** By `storedAs`. */
export const storedTypes: ReadonlyMap<string, StoredType> = new Map(
  all.map((type) => [type.storedAs, type]),
);
