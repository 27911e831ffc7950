// The two sides of a training: rows to learn from and rows to judge on, patients kept on one side.

import { type Table, type Target, takeRows, takeTargetRows } from "../../base/index.ts";
import { holdOut, type Split, type TableView } from "../../datasets/index.ts";

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
  const split = holdOut({ ...splitRows(view), testFraction, seed });
  return { split, training: takeSide(view, split.train), testing: takeSide(view, split.test) };
}

/** What a split must know about the rows of a view. */
export function splitRows({ features, target, classes, groups }: TableView) {
  return {
    rowCount: features.rowCount,
    ...(target.task === "classification"
      ? { labels: target.labels, classes }
      : { values: target.values }),
    ...(groups ? { groups: groups.index } : {}),
  };
}

/** The rows of a view at these positions. */
export function takeSide(view: TableView, positions: Uint32Array): Side {
  const { features, target, weights, groups, rows } = view;
  return {
    features: takeRows(features, positions),
    target: takeTargetRows(target, positions),
    ...(weights ? { weights: Float64Array.from(positions, (row) => weights[row]) } : {}),
    ...(groups ? { groups: Int32Array.from(positions, (row) => groups.index[row]) } : {}),
    rows: Uint32Array.from(positions, (row) => rows[row]),
  };
}

/** A view of fewer rows, for work that splits the training side again. */
export function viewOfSide(view: TableView, positions: Uint32Array): TableView {
  const { groups } = view;
  const { groups: index, ...side } = takeSide(view, positions);
  return { ...view, ...side, ...(groups && index ? { groups: { ...groups, index } } : {}) };
}
