// Voxels as they lie in a file, in either byte order or as text, made into arrays of voxels.

import type { VoxelArray, VoxelType } from "../../base/index.ts";
import { INTEGER_RANGES, makeVoxels, RoentgenError } from "../../base/index.ts";
import { damaged, truncated } from "../damage.ts";
import type { ByteOrder } from "../elements/byte-order.ts";
import { elementTypes, numbersFromBytes } from "../elements/element-types.ts";

/** Element types that files have; 64-bit whole numbers become the narrowest type that holds them. */
export type StoredType = VoxelType | "int64" | "uint64";

export function bytesOf(type: StoredType): number {
  return elementTypes[type].byteLength;
}

/** The type that voxels have once read; of 64-bit numbers what they become depends on the values. */
export function readType(type: StoredType): VoxelType {
  if (type === "int64") return "int32";
  return type === "uint64" ? "uint32" : type;
}

/**
 * Bytes of a file as voxels, in place where possible.
 * @throws RoentgenError "value-invalid" for a 64-bit number that float64 cannot hold exactly
 */
export function voxelsFromBytes(
  bytes: Uint8Array,
  type: StoredType,
  order: ByteOrder,
  name: string,
): VoxelArray {
  const numbers = numbersFromBytes(bytes, type, order);
  if (numbers instanceof BigInt64Array || numbers instanceof BigUint64Array) {
    return narrow(numbers, name);
  }
  return numbers as VoxelArray;
}

const exactLimit = BigInt(Number.MAX_SAFE_INTEGER);

/** int32 or uint32 where all values fit, else float64, which is exact up to 2⁵³. */
function narrow(numbers: BigInt64Array | BigUint64Array, name: string): VoxelArray {
  let [least, most] = [0n, 0n];
  for (let at = 0; at < numbers.length; at++) {
    const value = numbers[at];
    if (value < least) least = value;
    if (value > most) most = value;
  }
  if (most > exactLimit || least < -exactLimit) {
    throw new RoentgenError("value-invalid", {
      problem: `Cannot read ${name}`,
      expected: "64-bit whole numbers up to 2⁵³, which are exact as float64",
      found: `${most > exactLimit ? most : least}`,
      subject: name,
    });
  }
  const voxels = makeVoxels(narrowType(least, most), numbers.length);
  for (let at = 0; at < numbers.length; at++) voxels[at] = Number(numbers[at]);
  return voxels;
}

function narrowType(least: bigint, most: bigint): VoxelType {
  if (least >= -(2n ** 31n) && most < 2n ** 31n) return "int32";
  return least >= 0n && most < 2n ** 32n ? "uint32" : "float64";
}

/** Whole numbers that each type holds; the rest hold any number. */
const ranges: Partial<Record<StoredType, readonly [number, number]>> = {
  ...INTEGER_RANGES,
  int64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  uint64: [0, Number.MAX_SAFE_INTEGER],
};

/**
 * Numbers written as text, apart from each other by blanks, line ends or commas.
 * @throws RoentgenError "file-truncated" for fewer than `count`, "file-corrupt" for what is no number of the type
 */
export function voxelsFromText(
  bytes: Uint8Array,
  type: StoredType,
  count: number,
  name: string,
): VoxelArray {
  // Every number but the last takes a digit and a blank at least.
  if (count > (bytes.length + 1) / 2) throw tooFew(count, "the end of the text", name);
  const voxels = makeVoxels(type === "int64" || type === "uint64" ? "float64" : type, count);
  const range = ranges[type];
  let at = 0;
  for (let filled = 0; filled < count; filled++) {
    while (at < bytes.length && isBlank(bytes[at])) at++;
    const start = at;
    while (at < bytes.length && !isBlank(bytes[at])) at++;
    if (start === at) throw tooFew(count, `${filled}`, name);
    voxels[filled] = parseNumber(bytes.subarray(start, at), range, name);
  }
  return voxels;
}

const comma = 0x2c;
/** Longer than any number is written. */
const longestNumber = 400;

function isBlank(byte: number): boolean {
  return byte <= 0x20 || byte === comma;
}

function parseNumber(
  bytes: Uint8Array,
  range: readonly [number, number] | undefined,
  name: string,
): number {
  const text = String.fromCharCode(...bytes.subarray(0, longestNumber));
  const value = numberOf(text);
  const fits = range
    ? Number.isInteger(value) && value >= range[0] && value <= range[1]
    : !Number.isNaN(value) || /^[+-]?nan$/i.test(text);
  if (fits) return value;
  throw damaged(name, {
    expected: range ? `whole numbers from ${range[0]} to ${range[1]}` : "numbers",
    found: JSON.stringify(text.slice(0, 40)),
  });
}

/** Decimal numbers, and infinity as C prints it. */
function numberOf(text: string): number {
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return Number(text);
  if (/^[+-]?inf(inity)?$/i.test(text)) {
    return text.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  return Number.NaN;
}

function tooFew(count: number, found: string, name: string): RoentgenError {
  return truncated(name, { expected: `${count} numbers as text`, found });
}
