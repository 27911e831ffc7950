// The voxels that values are taken from, ready for the inner loops.

import type { Triple, VoxelArray } from "../../base/index.ts";
import type { Outside } from "../transform.ts";
import type { RowCoordinates } from "./free-form.ts";

/** Real numbers: what values between voxels are worked out from. */
export type RealArray = Float32Array | Float64Array;

/** One channel of an image. */
export interface SourceGrid<D extends VoxelArray = RealArray> {
  readonly data: D;
  readonly size: Triple;
  /** Where the channel starts in `data`. */
  readonly start: number;
  readonly outside: Outside;
}

/** Values at a row of points, written to `out` from `at` on. */
export type RowSampler<D extends VoxelArray = RealArray> = (
  source: SourceGrid<D>,
  row: RowCoordinates,
  out: D,
  at: number,
) => void;

/** The outside value of a grid that has one; only asked for where a coordinate folds to NaN. */
export function outsideValue({ outside }: Pick<SourceGrid, "outside">): number {
  return typeof outside === "number" ? outside : Number.NaN;
}
