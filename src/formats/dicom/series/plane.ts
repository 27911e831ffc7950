// Where the pixels of one frame lie in the patient: PS3.3 C.7.6.2.1.1 (image plane), equation C.7.6.2.1-1.

import { cross, dot, type Triple } from "../../../base/index.ts";
import { unit } from "./vectors.ts";

/** A frame's plane: pixel (i, j) lies at position + row · spacing[0] · i + column · spacing[1] · j. */
export interface FramePlane {
  /** Centre of the first pixel, mm in LPS. */
  readonly position: Triple;
  /** Unit vector along a row, in which i grows. */
  readonly row: Triple;
  /** Unit vector along a column, in which j grows. */
  readonly column: Triple;
  /** Distance of neighbours along i and j, mm. */
  readonly spacing: readonly [number, number];
  /** Half a unit of the last decimal that the position was written with, mm; 0 where it is binary. */
  readonly roundingMm: number;
}

/** Direction cosines farther from unit length or right angles than this are no orientation. */
const ORIENTATION_TOLERANCE = 1e-2;

/**
 * Row and column of six direction cosines, made exactly orthonormal (files round them);
 * undefined where they are no orientation.
 */
export function orientationOf(
  cosines: readonly number[],
): { readonly row: Triple; readonly column: Triple } | undefined {
  if (cosines.length !== 6 || !cosines.every(Number.isFinite)) return undefined;
  const given = [cosines.slice(0, 3), cosines.slice(3)] as unknown as [Triple, Triple];
  const row = unit(given[0]);
  const slanted = unit(given[1]);
  if (!row || !slanted) return undefined;
  const isUnit = given.every((v) => Math.abs(dot(v, v) - 1) <= 2 * ORIENTATION_TOLERANCE);
  const overlap = dot(row, slanted);
  if (!isUnit || Math.abs(overlap) > ORIENTATION_TOLERANCE) return undefined;
  const [x, y, z] = slanted;
  const column = unit([x - overlap * row[0], y - overlap * row[1], z - overlap * row[2]]);
  return column && { row, column };
}

/** Row × column: the side to which slices are sorted, so that (i, j, k) is right-handed. */
export function normalOf({ row, column }: Pick<FramePlane, "row" | "column">): Triple {
  return cross(row, column);
}
