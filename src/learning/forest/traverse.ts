// Sends rows down a tree, several at a time and without a branch that a processor could mispredict.

import type { ForestModel } from "./model.ts";
import { floatKey, LANES, type RowKeys } from "./row-keys.ts";

/** What of a model a traversal reads. */
export type Trees = Pick<
  ForestModel,
  "outputs" | "roots" | "feature" | "threshold" | "missingLeft" | "child" | "values"
>;

/** One tree laid out for walking: column, threshold key, place of the left child, row of values (−1 inside). */
export type PackedTree = Int32Array;
const PLACES = 4;

/** Lays a tree out. A leaf is its own left child, so that walking on from it changes nothing. */
export function packTree(
  { roots, feature, threshold, missingLeft, child }: Trees,
  tree: number,
  missingLeftOffset: number,
): PackedTree {
  const root = roots[tree];
  const end = roots[tree + 1];
  const packed = new Int32Array((end - root) * PLACES);
  for (let node = root, at = 0; node < end; node++, at += PLACES) {
    if (feature[node] < 0) {
      packed[at + 1] = 0x7fffffff;
      packed[at + 2] = at;
      packed[at + 3] = child[node];
    } else {
      packed[at] = feature[node] + missingLeft[node] * missingLeftOffset;
      packed[at + 1] = floatKey(threshold[node]);
      packed[at + 2] = (child[node] - root) * PLACES;
      packed[at + 3] = -1;
    }
  }
  return packed;
}

/**
 * Writes to `leaves[row − start]` the row of `values` that the tree gives to each row from `start`
 * (a multiple of LANES) to `end − 1`.
 */
export function walkRows(
  tree: PackedTree,
  { keys, stride }: RowKeys,
  start: number,
  end: number,
  leaves: Int32Array,
): void {
  for (let row = start; row < end; row += LANES) {
    const row0 = row * stride;
    const row1 = row0 + stride;
    const row2 = row1 + stride;
    const row3 = row2 + stride;
    let node0 = 0;
    let node1 = 0;
    let node2 = 0;
    let node3 = 0;
    let walking = true;
    while (walking) {
      // Asking whether all have arrived costs as much as a step: four steps a question.
      for (let step = 0; step < 4; step++) {
        node0 = tree[node0 + 2] + (less(tree[node0 + 1], keys[row0 + tree[node0]]) << 2);
        node1 = tree[node1 + 2] + (less(tree[node1 + 1], keys[row1 + tree[node1]]) << 2);
        node2 = tree[node2 + 2] + (less(tree[node2 + 1], keys[row2 + tree[node2]]) << 2);
        node3 = tree[node3 + 2] + (less(tree[node3 + 1], keys[row3 + tree[node3]]) << 2);
      }
      walking = (tree[node0 + 3] | tree[node1 + 3] | tree[node2 + 3] | tree[node3 + 3]) < 0;
    }
    const at = row - start;
    leaves[at] = tree[node0 + 3];
    leaves[at + 1] = tree[node1 + 3];
    leaves[at + 2] = tree[node2 + 3];
    leaves[at + 3] = tree[node3 + 3];
  }
}

/** 1 where a < b, else 0, for 32-bit integers without a branch (Warren: "Hacker's Delight", 2-12). */
function less(a: number, b: number): number {
  return ((a & ~b) | (~(a ^ b) & ((a - b) | 0))) >>> 31;
}

/** The row of `values` that a tree gives to one row of numbers: the walk for a few rows. */
export function leafOf(
  { feature, threshold, missingLeft, child }: Trees,
  root: number,
  valueAt: (feature: number) => number,
): number {
  let node = root;
  for (let tested = feature[node]; tested >= 0; tested = feature[node]) {
    const value = Math.fround(valueAt(tested));
    const right = Number.isNaN(value) ? 1 - missingLeft[node] : value <= threshold[node] ? 0 : 1;
    node = child[node] + right;
  }
  return child[node];
}
