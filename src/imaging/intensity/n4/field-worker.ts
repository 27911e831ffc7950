// The module that N4's worker threads run: all iterations for one channel.

import type { Triple } from "../../../base/index.ts";
import { estimateField, type FieldEstimation } from "./estimate-field.ts";
import type { Lattice } from "./spline-lattice.ts";

/** One channel to find the field of. */
export interface FieldTask {
  /** Natural logarithms [k, j, i]; NaN where a voxel does not count. */
  readonly logs: Float64Array;
  readonly size: Triple;
  readonly options: FieldEstimation;
}

export default function findLattice({ logs, size, options }: FieldTask): Lattice {
  let lattice: Lattice | undefined;
  for (const step of estimateField(logs, size, options)) lattice = step.lattice;
  return lattice!;
}
