// Puts batches of grown trees together into one model's arrays, in the order of the trees.

import type { ForestModel } from "./model.ts";
import { type GrownTrees, type NodeArrays, nodeArrays } from "./tree-nodes.ts";

/** A batch and the arrays that it was grown into. */
interface Batch {
  readonly grown: GrownTrees;
  readonly arrays: NodeArrays;
}

export class TreeCollector {
  private readonly outputs: number;
  private readonly roots: Int32Array;
  private readonly treeImportances: Float64Array;
  private readonly early = new Map<number, Batch>();
  private all = nodeArrays(0, 0);
  private next = 0;
  private tree = 0;
  private valueCount = 0;

  /** @param outputs numbers in a leaf */
  constructor(trees: number, featureCount: number, outputs: number) {
    this.outputs = outputs;
    this.roots = new Int32Array(trees + 1);
    this.treeImportances = new Float64Array(trees * featureCount);
  }

  /** Takes over batch `index`; its arrays may be written anew at once. */
  take(index: number, batch: Batch): void {
    if (index !== this.next) {
      this.early.set(index, kept(batch));
      return;
    }
    this.append(batch);
    for (let waiting = this.early.get(this.next); waiting; waiting = this.early.get(this.next)) {
      this.early.delete(this.next);
      this.append(waiting);
    }
  }

  finish(): NodeArrays & Pick<ForestModel, "roots" | "treeImportances"> {
    const { all, roots, valueCount, treeImportances } = this;
    return { ...firstOf(all, roots[this.tree], valueCount), roots, treeImportances };
  }

  private append({ grown, arrays }: Batch): void {
    const { roots, treeImportances, outputs } = this;
    const nodes = sum(grown.nodeCounts);
    const node = roots[this.tree];
    const value = this.valueCount;
    this.makeRoom(node + nodes, value + grown.valueCount, this.tree + grown.nodeCounts.length);
    copyInto(this.all, firstOf(arrays, nodes, grown.valueCount), node, value);
    const { feature, child } = this.all;
    for (let at = node; at < node + nodes; at++) {
      child[at] += feature[at] < 0 ? value / outputs : node;
    }
    treeImportances.set(
      grown.importances,
      (this.tree * treeImportances.length) / (roots.length - 1),
    );
    for (const count of grown.nodeCounts) {
      roots[this.tree + 1] = roots[this.tree] + count;
      this.tree += 1;
    }
    this.valueCount += grown.valueCount;
    this.next += 1;
  }

  private makeRoom(nodes: number, values: number, treesDone: number): void {
    if (nodes <= this.all.feature.length && values <= this.all.values.length) return;
    // Trees to come will be of about the same size; room that stays unused takes no memory.
    const growth = (1.5 * (this.roots.length - 1)) / treesDone;
    const wider = nodeArrays(Math.ceil(nodes * growth), Math.ceil(values * growth));
    copyInto(wider, firstOf(this.all, this.roots[this.tree], this.valueCount), 0, 0);
    this.all = wider;
  }
}

/** A batch that waits for its turn, out of arrays that will be written anew. */
function kept({ grown, arrays }: Batch): Batch {
  const part = firstOf(arrays, sum(grown.nodeCounts), grown.valueCount);
  const copy = nodeArrays(part.feature.length, part.values.length);
  copyInto(copy, part, 0, 0);
  return { grown, arrays: copy };
}

function firstOf(from: NodeArrays, nodes: number, values: number): NodeArrays {
  return {
    feature: from.feature.subarray(0, nodes),
    threshold: from.threshold.subarray(0, nodes),
    missingLeft: from.missingLeft.subarray(0, nodes),
    child: from.child.subarray(0, nodes),
    cover: from.cover.subarray(0, nodes),
    values: from.values.subarray(0, values),
  };
}

function copyInto(to: NodeArrays, from: NodeArrays, node: number, value: number): void {
  to.feature.set(from.feature, node);
  to.threshold.set(from.threshold, node);
  to.missingLeft.set(from.missingLeft, node);
  to.child.set(from.child, node);
  to.cover.set(from.cover, node);
  to.values.set(from.values, value);
}

function sum(counts: Int32Array): number {
  return counts.reduce((total, count) => total + count, 0);
}
