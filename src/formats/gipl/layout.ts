// The header of a GIPL file, 256 bytes, big-endian (Guy's Image Processing Lab; itkGiplImageIO.cxx).

import type { VoxelType } from "../../base/index.ts";
import type { FieldLayout } from "../elements/binary-fields.ts";

export const GIPL_HEADER: FieldLayout = [
  ["dim", "uint16", 4],
  ["image_type", "uint16"],
  ["pixdim", "float32", 4],
  ["line1", "text", 80],
  ["matrix", "float32", 20],
  ["flag1", "uint8"],
  ["flag2", "uint8"],
  ["min", "float64"],
  ["max", "float64"],
  ["origin", "float64", 4],
  ["pixval_offset", "float32"],
  ["pixval_cal", "float32"],
  ["interslicegap", "float32"],
  ["user_def2", "float32"],
  ["magic", "uint32"],
];

/** Both are in use. */
export const GIPL_MAGIC: readonly number[] = [0xefffe9b0, 0x2ae389b8];

export interface GiplType {
  readonly code: number;
  readonly name: string;
  readonly stored: VoxelType;
}

/** The first of an element type is the one that is written. */
export const GIPL_TYPES: readonly GiplType[] = [
  { code: 8, name: "unsigned char", stored: "uint8" },
  { code: 1, name: "binary", stored: "uint8" },
  { code: 7, name: "char", stored: "int8" },
  { code: 15, name: "short", stored: "int16" },
  { code: 16, name: "unsigned short", stored: "uint16" },
  { code: 31, name: "unsigned int", stored: "uint32" },
  { code: 32, name: "int", stored: "int32" },
  { code: 64, name: "float", stored: "float32" },
  { code: 65, name: "double", stored: "float64" },
];
