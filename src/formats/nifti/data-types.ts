// The element types of NIfTI (nifti1.h, "DT_*" and "NIFTI_TYPE_*") and what becomes of each.

import type { VoxelType } from "../../base/index.ts";
import { damaged, unsupported } from "../damage.ts";

/** How the numbers lie in the file; 64-bit integers have no voxel type of their own. */
export type StoredNumber = VoxelType | "int64" | "uint64";

export interface DataType {
  readonly code: number;
  /** The name of the standard's type, without NIFTI_TYPE. */
  readonly name: string;
  readonly stored: StoredNumber;
  /** Numbers of one voxel that lie side by side: 2 for complex, 3 or 4 for colour. */
  readonly parts: number;
  /** What those numbers are as a channel axis. */
  readonly axis?: "complex" | "color";
}

const one = (code: number, name: StoredNumber): DataType => ({
  code,
  name,
  stored: name,
  parts: 1,
});

const DATA_TYPES: readonly DataType[] = [
  one(2, "uint8"),
  one(4, "int16"),
  one(8, "int32"),
  one(16, "float32"),
  { code: 32, name: "complex64", stored: "float32", parts: 2, axis: "complex" },
  one(64, "float64"),
  { code: 128, name: "rgb24", stored: "uint8", parts: 3, axis: "color" },
  one(256, "int8"),
  one(512, "uint16"),
  one(768, "uint32"),
  one(1024, "int64"),
  one(1280, "uint64"),
  { code: 1792, name: "complex128", stored: "float64", parts: 2, axis: "complex" },
  { code: 2304, name: "rgba32", stored: "uint8", parts: 4, axis: "color" },
];

/** Types that the standard names and that are not read, each with the reason. */
const REFUSED: ReadonlyMap<number, string> = new Map([
  [1, "voxels of 1 bit, whose order in a byte the standard does not define"],
  [1536, "numbers of 128 bits, which differ between machines"],
  [2048, "complex numbers of 256 bits, which differ between machines"],
]);

/** SPM's types for Analyze: the standard's code times 256 means the other byte order, 128 + n another sign. */
const SPM_CODES: ReadonlyMap<number, number> = new Map([
  [130, 256],
  [132, 512],
  [136, 768],
]);

/** @throws RoentgenError "format-unsupported" for types of 1 and 128 bits, "file-corrupt" for no type */
export function dataType(code: number, name: string): DataType {
  const found = DATA_TYPES.find((type) => type.code === (SPM_CODES.get(code) ?? code));
  if (found) return found;
  const refused = REFUSED.get(code);
  if (refused) {
    throw unsupported(name, {
      found: refused,
      remedy: "Save it with 8-bit integers or 32- or 64-bit numbers.",
    });
  }
  throw damaged(name, { expected: "one of NIfTI's element types", found: `code ${code}` });
}

/** The type that stores voxels of this element type. */
export function dataTypeOf(type: VoxelType): DataType {
  return DATA_TYPES.find(({ name }) => name === type) as DataType;
}

export function dataTypeNamed(name: "rgb24" | "rgba32" | "complex64" | "complex128"): DataType {
  return DATA_TYPES.find((type) => type.name === name) as DataType;
}

export function bytesOf(stored: StoredNumber): number {
  return Number(/\d+/.exec(stored)) / 8;
}

/** The type of voxels once read without a scale; 64-bit integers become what holds them. */
export function plainType(stored: StoredNumber): VoxelType {
  return stored === "int64" || stored === "uint64" ? "int32" : stored;
}

/** The type of voxels once scaled: float32 holds every 16-bit integer, others need float64. */
export function scaledType(stored: StoredNumber): VoxelType {
  const narrow = bytesOf(stored) <= 2 || stored === "float32";
  return narrow ? "float32" : "float64";
}
