// Stored values to what they mean: rescale slope and intercept or a Modality LUT (PS3.3 C.11.1).

import {
  INTEGER_RANGES,
  makeVoxels,
  type VoxelArray,
  type VoxelType,
} from "../../../base/index.ts";
import type { DataSet } from "../data-set/data-set.ts";
import { number, sequence, text } from "../data-set/values.ts";
import type { PixelDescription } from "./description.ts";
import { type LookupTable, lookUp, readLookupTable } from "./lookup-table.ts";

/** What turns stored values to real ones. */
export type Modality = {
  /** "HU", "OD", "Z_EFF" …: Rescale Type or Modality LUT Type, but for "US", which says that none is known. */
  readonly unit?: string;
} & (
  | { readonly kind: "linear"; readonly slope: number; readonly intercept: number }
  | { readonly kind: "table"; readonly table: LookupTable }
  | RealWorldTable
);

/** A real number for each stored value from `first` on; others have none (PS3.3 C.7.6.16.2.11.1.2). */
export interface RealWorldTable {
  readonly kind: "real-world table";
  readonly first: number;
  readonly values: Float64Array;
}

/** What of a description decides the type of the result. */
export type StoredRange = Pick<
  PixelDescription,
  "bitsStored" | "bitsAllocated" | "signed" | "numbers" | "type"
>;

/**
 * The modality transform of a data set, or of what holds for one frame; slope 1 and intercept 0 where it has none.
 * A Modality LUT, if there, goes before slope and intercept. A slope of 0 means nothing and is taken as 1.
 */
export function modalityOf(dataSet: DataSet, { signed }: Pick<StoredRange, "signed">): Modality {
  const [item] = sequence(dataSet, 0x00283000);
  const table =
    item &&
    readLookupTable(item, {
      descriptor: 0x00283002,
      data: 0x00283006,
      label: "Modality LUT",
      signed,
    });
  if (table) return { kind: "table", table, ...unitOf(text(item, 0x00283004)) };
  const stated = number(dataSet, 0x00281053);
  const slope = stated === undefined || stated === 0 ? 1 : stated;
  const intercept = number(dataSet, 0x00281052) ?? 0;
  return { kind: "linear", slope, intercept, ...unitOf(text(dataSet, 0x00281054)) };
}

function unitOf(type: string | undefined): { unit?: string } {
  return type === undefined || type === "US" ? {} : { unit: type };
}

/**
 * The element type that holds every value that these bits can become: integers stay integers where slope and
 * intercept are whole, else float32 for 16 bits and less, float64 beyond. The same for every frame and slice
 * of one kind, whatever is in it; a volume may do with less (`narrowerType`).
 */
export function modalityType(modality: Modality, stored: StoredRange): VoxelType {
  if (modality.kind === "real-world table") return "float64";
  if (modality.kind === "table")
    return modality.table.entries instanceof Uint8Array ? "uint8" : "uint16";
  const { slope, intercept } = modality;
  if (slope === 1 && intercept === 0) return stored.type;
  const float =
    stored.type === "float32" || (stored.numbers === "integer" && stored.bitsStored <= 16);
  const otherwise = float ? "float32" : "float64";
  if (stored.numbers === "float" || !Number.isInteger(slope) || !Number.isInteger(intercept)) {
    return otherwise;
  }
  const [low, high] = storedLimits(stored);
  const ends = [low * slope + intercept, high * slope + intercept];
  return integerType(Math.min(...ends), Math.max(...ends)) ?? "float64";
}

/** Least and greatest value that the bits stored can be. */
export function storedLimits({
  bitsStored,
  signed,
}: Pick<StoredRange, "bitsStored" | "signed">): [low: number, high: number] {
  return signed ? [-(2 ** (bitsStored - 1)), 2 ** (bitsStored - 1) - 1] : [0, 2 ** bitsStored - 1];
}

/** In order of preference: the shortest that holds the values, signed before unsigned of 16 bits and more. */
const INTEGER_TYPES = ["uint8", "int8", "int16", "uint16", "int32", "uint32"] as const;

function integerType(low: number, high: number): VoxelType | undefined {
  return INTEGER_TYPES.find((type) => {
    const [least, most] = INTEGER_RANGES[type];
    return low >= least && high <= most;
  });
}

/** Values in their unit; the very same array where nothing is to be done. */
export function applyModality(
  values: VoxelArray,
  modality: Modality,
  stored: StoredRange,
): VoxelArray {
  if (modality.kind === "table") return lookUp(values, modality.table);
  if (modality.kind === "real-world table") {
    const real = new Float64Array(values.length);
    lookUpRealInto(values, modality, real, 0);
    return real;
  }
  const { slope, intercept } = modality;
  if (slope === 1 && intercept === 0) return values;
  const real = makeVoxels(modalityType(modality, stored), values.length);
  rescaleInto(values, modality, real, 0);
  return real;
}

/** Writes the real number of each value to `target` from `offset` on; NaN where the table has none. */
export function lookUpRealInto(
  values: VoxelArray,
  { first, values: table }: RealWorldTable,
  target: VoxelArray,
  offset: number,
): void {
  for (let at = 0; at < values.length; at++) {
    target[offset + at] = table[values[at] - first] ?? Number.NaN;
  }
}

/**
 * Writes slope · value + intercept to `target` from `offset` on.
 * @returns whether an Int16Array holds every result; other types are chosen so that they do
 */
export function rescaleInto(
  values: VoxelArray,
  { slope, intercept }: { readonly slope: number; readonly intercept: number },
  target: VoxelArray,
  offset: number,
): boolean {
  if (target instanceof Int16Array) {
    const into = target.subarray(offset, offset + values.length);
    if (slope !== 1 || !Number.isInteger(intercept)) {
      return scaleToInt16(values, { slope, intercept }, into);
    }
    if (values instanceof Uint16Array) return shiftUnsigned(values, intercept, into);
    if (values instanceof Int16Array) return shiftSigned(values, intercept, into);
  }
  for (let at = 0; at < values.length; at++) target[offset + at] = values[at] * slope + intercept;
  return true;
}

// Two functions, each compiled for one type of array: the values of most CT. A result fits 16 bits with sign if it
// has no bits above the lowest 16 once 32,768 is added.

function shiftUnsigned(values: Uint16Array, intercept: number, into: Int16Array): boolean {
  let above = 0;
  for (let at = 0; at < values.length; at++) {
    const real = (values[at] + intercept) | 0;
    above |= real + 32_768;
    into[at] = real;
  }
  return above >>> 16 === 0;
}

function shiftSigned(values: Int16Array, intercept: number, into: Int16Array): boolean {
  let above = 0;
  for (let at = 0; at < values.length; at++) {
    const real = (values[at] + intercept) | 0;
    above |= real + 32_768;
    into[at] = real;
  }
  return above >>> 16 === 0;
}

function scaleToInt16(
  values: VoxelArray,
  { slope, intercept }: { readonly slope: number; readonly intercept: number },
  into: Int16Array,
): boolean {
  let fits = true;
  for (let at = 0; at < values.length; at++) {
    const real = values[at] * slope + intercept;
    if (real < -32_768 || real > 32_767) fits = false;
    into[at] = real;
  }
  return fits;
}
