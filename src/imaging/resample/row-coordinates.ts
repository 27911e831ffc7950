// Where a row of the target's voxels lies in the source.

import type { Affine, Triple } from "../../base/index.ts";
import type { MapStage } from "../transform.ts";
import {
  inverseSplineMover,
  type PointMover,
  type RowCoordinates,
  splineMover,
} from "./free-form.ts";

/** Fills in the source coordinates of row (j, k) of the target; the arrays are used again. */
export type RowLocator = (j: number, k: number) => RowCoordinates;

/** Works out, once, what every row needs. `width` is the number of voxels of a row. */
export function rowLocator(stages: readonly MapStage[], width: number): RowLocator {
  const row = [0, 1, 2].map(() => new Float64Array(width)) as unknown as Triple<Float64Array>;
  const movers = stages.map(moverOf);
  return (j, k) => {
    for (let i = 0; i < width; i++) row[0][i] = i;
    row[1].fill(j);
    row[2].fill(k);
    for (const move of movers) move(row, width);
    return row;
  };
}

function moverOf(stage: MapStage): PointMover {
  switch (stage.kind) {
    case "affine":
      return affineMover(stage.affine);
    case "spline":
      return splineMover(stage);
    case "inverse-spline":
      return inverseSplineMover(stage);
    default:
      return stage satisfies never;
  }
}

function affineMover(a: Affine): PointMover {
  return ([xs, ys, zs], count) => {
    for (let i = 0; i < count; i++) {
      const x = xs[i];
      const y = ys[i];
      const z = zs[i];
      xs[i] = a[0] * x + a[1] * y + a[2] * z + a[3];
      ys[i] = a[4] * x + a[5] * y + a[6] * z + a[7];
      zs[i] = a[8] * x + a[9] * y + a[10] * z + a[11];
    }
  };
}
