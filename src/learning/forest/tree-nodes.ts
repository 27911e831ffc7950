// Room for the nodes of a batch of trees, shared by the thread that grows them and the one that
// collects them: no result is copied on its way.

import { sharedBuffer } from "./bins.ts";

/** Nodes and leaf values of trees one after another; indices count from the first of each array. */
export interface NodeArrays {
  readonly feature: Int32Array;
  readonly threshold: Float32Array;
  readonly missingLeft: Uint8Array;
  readonly child: Int32Array;
  readonly cover: Float32Array;
  readonly values: Float64Array;
}

/** Arrays for so many nodes and values. Pages are backed by memory only once they are written. */
export function nodeArrays(nodes: number, values: number): NodeArrays {
  return {
    feature: new Int32Array(sharedBuffer(4 * nodes)),
    threshold: new Float32Array(sharedBuffer(4 * nodes)),
    missingLeft: new Uint8Array(sharedBuffer(nodes)),
    child: new Int32Array(sharedBuffer(4 * nodes)),
    cover: new Float32Array(sharedBuffer(4 * nodes)),
    values: new Float64Array(sharedBuffer(8 * values)),
  };
}

/** What a batch wrote into its arrays. */
export interface GrownTrees {
  /** Nodes of each tree. */
  readonly nodeCounts: Int32Array;
  readonly valueCount: number;
  /** Normalised impurity decrease: `[trees, features]`. */
  readonly importances: Float64Array;
}
