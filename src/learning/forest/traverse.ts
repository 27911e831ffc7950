// Sends rows down the trees and sums what their leaves hold.

import type { Features } from "../../base/index.ts";
import type { ForestModel } from "./model.ts";

/** What of a model a traversal reads. */
export type Trees = Pick<
  ForestModel,
  "outputs" | "roots" | "feature" | "threshold" | "missingLeft" | "child" | "values"
>;

/** Values row by row in float32: `[rows, features]`. */
export interface RowBlock {
  readonly rowCount: number;
  readonly featureCount: number;
  readonly values: Float32Array;
}

/** Copies rows `start` … `end − 1` of the columns. */
export function readRows({ columns }: Features, start: number, end: number): RowBlock {
  const featureCount = columns.length;
  const values = new Float32Array((end - start) * featureCount);
  for (let feature = 0; feature < featureCount; feature++) {
    const column = columns[feature];
    for (let row = start, at = feature; row < end; row++, at += featureCount) {
      values[at] = column[row];
    }
  }
  return { rowCount: end - start, featureCount, values };
}

/** Adds the leaf values of one tree for each row of the block to `sums[rows, outputs]`, in place. */
export function addTreeInPlace(
  trees: Trees,
  tree: number,
  { rowCount, featureCount, values: block }: RowBlock,
  sums: Float64Array,
): void {
  const { outputs, roots, values } = trees;
  const root = roots[tree];
  for (let row = 0; row < rowCount; row++) {
    const leaf = leafValuesOf(trees, root, block, row * featureCount) * outputs;
    for (let output = 0; output < outputs; output++) {
      sums[row * outputs + output] += values[leaf + output];
    }
  }
}

/** The row of `values` that a tree gives to the float32 numbers from `first` on. */
export function leafValuesOf(
  { feature, threshold, missingLeft, child }: Trees,
  root: number,
  block: Float32Array,
  first: number,
): number {
  let node = root;
  for (let tested = feature[node]; tested >= 0; tested = feature[node]) {
    const value = block[first + tested];
    let right = value <= threshold[node] ? 0 : 1;
    if (Number.isNaN(value)) right = 1 - missingLeft[node];
    node = child[node] + right;
  }
  return child[node];
}
