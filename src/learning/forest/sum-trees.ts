// Sums of the trees' values for a stretch of rows, what a worker predicts at a time: over all trees,
// or over those that did not see the row when they grew.

import { drawRowsInto, type RowDraw } from "./row-draw.ts";
import type { RowKeys } from "./row-keys.ts";
import { packTree, type Trees, walkRows } from "./traverse.ts";

export interface SumTask {
  readonly trees: Trees;
  readonly rows: RowKeys;
  readonly start: number;
  readonly end: number;
  /** Given for out-of-bag sums: how the trees drew these same rows. */
  readonly draw?: RowDraw;
}

export interface TreeSums {
  /** `[end − start, outputs]` */
  readonly sums: Float64Array;
  /** Trees in each row's sum, where only some are. */
  readonly counts?: Int32Array;
}

export function sumTrees({ trees, rows, start, end, draw }: SumTask): TreeSums {
  const { outputs, values, roots } = trees;
  const sums = new Float64Array((end - start) * outputs);
  const leaves = new Int32Array(end - start + 3);
  const counts = draw && new Int32Array(end - start);
  const times = new Uint32Array(draw ? rows.rowCount : 0);
  for (let tree = 0; tree < roots.length - 1; tree++) {
    walkRows(packTree(trees, tree, rows.missingLeftOffset), rows, start, end, leaves);
    if (draw && counts) {
      drawRowsInto(times, draw, tree);
      keepUnseen(leaves, counts, times.subarray(start, end));
    }
    addLeaves(sums, leaves, values, outputs);
  }
  return { sums, counts };
}

/** Marks rows that the tree saw with −1, and counts the others. */
function keepUnseen(leaves: Int32Array, counts: Int32Array, times: Uint32Array): void {
  for (let row = 0; row < times.length; row++) {
    if (times[row] > 0) leaves[row] = -1;
    else counts[row] += 1;
  }
}

function addLeaves(
  sums: Float64Array,
  leaves: Int32Array,
  values: Float64Array,
  outputs: number,
): void {
  for (let row = 0, at = 0; at < sums.length; row++, at += outputs) {
    if (leaves[row] < 0) continue;
    const leaf = leaves[row] * outputs;
    for (let output = 0; output < outputs; output++) sums[at + output] += values[leaf + output];
  }
}
