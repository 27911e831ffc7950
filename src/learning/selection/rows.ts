// Rows to learn from or test on: table, target, weights and groups that belong together.

import { type Table, type Target, takeRows, takeTargetRows } from "../../base/index.ts";
import type { RowInformation } from "../pipeline.ts";

export interface Rows extends RowInformation {
  readonly table: Table;
  readonly target: Target;
}

/** The rows at these positions, in this order. */
export function rowsAt({ table, target, weights, groups }: Rows, at: Uint32Array): Rows {
  return {
    table: takeRows(table, at),
    target: takeTargetRows(target, at),
    weights: weights && Float64Array.from(at, (row) => weights[row]),
    groups: groups && Int32Array.from(at, (row) => groups[row]),
  };
}
