// Puts batches of grown trees together into one model's arrays.

import { sharedBuffer } from "./bins.ts";
import type { ForestModel, GrownTrees } from "./model.ts";

type Nodes = Pick<
  ForestModel,
  | "roots"
  | "feature"
  | "threshold"
  | "missingLeft"
  | "child"
  | "cover"
  | "values"
  | "treeImportances"
>;

/** Joins batches in their order, in memory that workers share, shifting indices of nodes and values to the whole. Empties the list. */
export function joinTrees(batches: GrownTrees[], outputs: number): Nodes {
  const sum = (length: (batch: GrownTrees) => number) =>
    batches.reduce((total, batch) => total + length(batch), 0);
  const nodeCount = sum((batch) => batch.feature.length);
  const joined = {
    roots: new Int32Array(sum((batch) => batch.nodeCounts.length) + 1),
    feature: new Int32Array(sharedBuffer(4 * nodeCount)),
    threshold: new Float32Array(sharedBuffer(4 * nodeCount)),
    missingLeft: new Uint8Array(sharedBuffer(nodeCount)),
    child: new Int32Array(sharedBuffer(4 * nodeCount)),
    cover: new Float32Array(nodeCount),
    values: new Float64Array(sharedBuffer(8 * sum((batch) => batch.values.length))),
    treeImportances: new Float64Array(sum((batch) => batch.importances.length)),
  };
  const at = { tree: 0, node: 0, value: 0, importance: 0 };
  // Taken off the list one by one, so that a batch can be freed once it is copied.
  for (let batch = batches.shift(); batch; batch = batches.shift()) {
    for (const count of batch.nodeCounts) {
      joined.roots[at.tree + 1] = joined.roots[at.tree] + count;
      at.tree += 1;
    }
    for (let node = 0; node < batch.feature.length; node++) {
      const leaf = batch.feature[node] < 0;
      joined.child[at.node + node] = batch.child[node] + (leaf ? at.value / outputs : at.node);
    }
    joined.feature.set(batch.feature, at.node);
    joined.threshold.set(batch.threshold, at.node);
    joined.missingLeft.set(batch.missingLeft, at.node);
    joined.cover.set(batch.cover, at.node);
    joined.values.set(batch.values, at.value);
    joined.treeImportances.set(batch.importances, at.importance);
    at.node += batch.feature.length;
    at.value += batch.values.length;
    at.importance += batch.importances.length;
  }
  return joined;
}
