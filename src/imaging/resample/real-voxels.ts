// Voxels as real numbers, for what is worked out between them.

import { makeVoxels, type VoxelArray, type VoxelType, voxelType } from "../../base/index.ts";
import type { RealArray } from "./source-grid.ts";

/** float64 for float64 and 32-bit integers, which float32 can't hold; else float32. */
export function realType(data: VoxelArray): "float32" | "float64" {
  const type = voxelType(data);
  return type === "float64" || type === "int32" || type === "uint32" ? "float64" : "float32";
}

interface CopyOptions {
  /** In memory that threads share. */
  readonly shared?: boolean;
  /** A copy that may be overwritten. */
  readonly fresh?: boolean;
}

/** The voxels as real numbers; the array itself where it serves. */
export function realVoxels(data: VoxelArray, options: CopyOptions = {}): RealArray {
  return voxelsAs(realType(data), data, options) as RealArray;
}

/** The voxels as an element type; the array itself where it serves. */
export function voxelsAs(
  type: VoxelType,
  data: VoxelArray,
  { shared = false, fresh = false }: CopyOptions = {},
): VoxelArray {
  if (!fresh && voxelType(data) === type && (!shared || isShared(data))) return data;
  const copy = makeVoxels(type, data.length, { shared });
  copy.set(data);
  return copy;
}

export function isShared(data: VoxelArray): boolean {
  return typeof SharedArrayBuffer === "function" && data.buffer instanceof SharedArrayBuffer;
}
