// The two sides of a training: rows to learn from and rows to judge on, patients kept on one side.

import { type Table, type Target, takeRows, takeTargetRows } from "../../base/index.ts";
import {
  holdOut,
  rowsToSplit,
  type Split,
  type SplitRows,
  type TableView,
} from "../../datasets/index.ts";

/** Rows of one side with all that is known about them. */
export interface Side {
  readonly features: Table;
  readonly target: Target;
  readonly weights?: Float64Array;
  readonly groups?: Int32Array;
  /** Position of each row in the data as they were read. */
  readonly rows: Uint32Array;
}

export interface Sides {
  readonly split: Split;
  readonly training: Side;
  readonly testing: Side;
}

/** Holds out a share of the rows, stratified by the target, without parting the rows of a patient. */
export function splitSides(
  view: TableView,
  { testFraction, seed }: { testFraction: number; seed: number },
): Sides {
  const split = holdOut({
    ...rowsOfView(view),
    testFraction,
    seed,
  });
  return { split, training: takeSide(view, split.train), testing: takeSide(view, split.test) };
}

/** What a split wants to know of all rows of a view. */
export function rowsOfView({ features, target, groups }: TableView): SplitRows {
  return rowsToSplit(features.rowCount, { target, groups: groups?.index });
}

/** The rows of a view at these positions. */
function takeSide(view: TableView, positions: Uint32Array): Side {
  const { features, target, weights, groups, rows } = view;
  return {
    features: takeRows(features, positions),
    target: takeTargetRows(target, positions),
    ...(weights ? { weights: Float64Array.from(positions, (row) => weights[row]) } : {}),
    ...(groups ? { groups: Int32Array.from(positions, (row) => groups.index[row]) } : {}),
    rows: Uint32Array.from(positions, (row) => rows[row]),
  };
}
