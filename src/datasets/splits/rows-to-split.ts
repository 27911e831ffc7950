// What a split wants to know of rows, taken from their target.

import type { Target } from "../../base/index.ts";
import type { SplitRows } from "./make-splits.ts";

/** Rows to be stratified by their class or value, groups kept together. */
export function rowsToSplit(
  rowCount: number,
  { target, groups }: { target: Target; groups?: ArrayLike<number> },
): SplitRows {
  return target.task === "classification"
    ? { rowCount, groups, labels: target.labels, classes: target.classes }
    : { rowCount, groups, values: target.values };
}
