// The geometry of a grid whose axes run along those of another.

import {
  type Affine,
  applyAffine,
  type Geometry,
  indexToWorld,
  type Matrix3,
  type Triple,
} from "../../base/index.ts";
import type { AxisMap } from "../resample/grid-map.ts";
import { affineMap } from "../resample/grid-map.ts";
import type { GridMap } from "../transform.ts";

/** The grid after, and its way to the grid before; spacings and directions are taken over, not worked out anew. */
export function alongAxes(before: Geometry, axes: AxisMap, size: Triple): GridMap {
  return affineMap(subgrid(before, axes, size), axisAffine(axes));
}

function subgrid(before: Geometry, axes: AxisMap, size: Triple): Geometry {
  const { sourceAxis, scale } = axes;
  const pick = (values: Triple) =>
    sourceAxis.map((axis, n) => values[axis] * Math.abs(scale[n])) as unknown as Triple;
  const spacing = before.spacing && pick(before.spacing);
  if (before.frame === "pixels") return { frame: "pixels", size, spacing };
  const direction = [0, 1, 2].flatMap((row) =>
    sourceAxis.map((axis, n) => turned(before.direction[3 * row + axis], scale[n])),
  ) as unknown as Matrix3;
  const origin = applyAffine(indexToWorld(before), firstIndex(axes));
  return { frame: "LPS", size, spacing: spacing as Triple, origin, direction };
}

/** Without −0, which JSON does not keep. */
function turned(component: number, scale: number): number {
  return scale < 0 && component !== 0 ? -component : component;
}

/** Where the target's voxel (0, 0, 0) lies in the source. */
function firstIndex({ sourceAxis, shift }: AxisMap): Triple {
  const index: [number, number, number] = [0, 0, 0];
  for (const n of [0, 1, 2]) index[sourceAxis[n]] = shift[n];
  return index;
}

function axisAffine(axes: AxisMap): Affine {
  const first = firstIndex(axes);
  const rows = [0, 1, 2].map((row) => {
    const scales = axes.sourceAxis.map((axis, n) => (axis === row ? axes.scale[n] : 0));
    return [...scales, first[row]];
  });
  return rows.flat() as unknown as Affine;
}

export const SAME_AXES: Triple = [0, 1, 2];
export const SAME_SCALE: Triple = [1, 1, 1];
