// Where a total pixel matrix lies on its slide: PS3.3 C.8.12.2.1.1 (slide coordinate system), C.8.12.4.

import type { Triple } from "../../../base/index.ts";
import type { DataSet } from "../data-set/data-set.ts";
import { number, numbers, sequence } from "../data-set/values.ts";
import { orientationOf } from "../series/plane.ts";

/**
 * A plane in the slide's coordinates, mm: x along the slide's short side, y along its long side, z away from it.
 * Pixel (i, j) lies at origin + row · spacing[0] · i + column · spacing[1] · j.
 */
export interface SlidePlace {
  readonly origin: Triple;
  /** Unit vector in which i grows. */
  readonly row: Triple;
  /** Unit vector in which j grows. */
  readonly column: Triple;
  readonly spacing: readonly [number, number];
}

/** The place of a matrix, where the header states all of it. */
export function slidePlaceOf(
  dataSet: DataSet,
  spacing: readonly [number, number] | undefined,
): SlidePlace | undefined {
  const [item] = sequence(dataSet, "TotalPixelMatrixOriginSequence");
  const x = item && number(item, "XOffsetInSlideCoordinateSystem");
  const y = item && number(item, "YOffsetInSlideCoordinateSystem");
  const orientation = orientationOf([...numbers(dataSet, "ImageOrientationSlide")]);
  if (x === undefined || y === undefined || !orientation || !spacing) return undefined;
  const z = number(item, "ZOffsetInSlideCoordinateSystem") ?? 0;
  return { origin: [x, y, z], ...orientation, spacing };
}
