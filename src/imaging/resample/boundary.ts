// What stands for the voxels outside an image: a value, the edge, or a mirror image.

import type { Outside } from "../transform.ts";

/**
 * A voxel reaches half a voxel beyond its centre: up to there the nearest centre's values hold, as in
 * ITK (ImageFunction::IsInsideBuffer). The rest allows for rounding of coordinates, in voxels.
 */
const REACH = 0.5 + 1e-6;

/**
 * The coordinate in 0 … size − 1 that stands for a coordinate anywhere; NaN where the outside value does.
 * "mirror" has the period 2 (size − 1): the outermost voxels are not repeated (scipy's "mirror").
 */
export function foldCoordinate(at: number, size: number, outside: Outside): number {
  const last = size - 1;
  if (at >= 0 && at <= last) return at;
  if (outside === "mirror" && last > 0) {
    const period = 2 * last;
    const folded = at - period * Math.floor(at / period);
    return folded > last ? period - folded : folded;
  }
  if (typeof outside === "number" && !(at >= -REACH && at <= last + REACH)) return Number.NaN;
  return at > 0 ? last : 0;
}

/** The index that stands for an index outside 0 … size − 1 of an image mirrored about its outermost voxels. */
export function mirrorIndex(index: number, size: number): number {
  if (index >= 0 && index < size) return index;
  return foldCoordinate(index, size, "mirror");
}
