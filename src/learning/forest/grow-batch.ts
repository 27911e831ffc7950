// A batch of trees: what a worker grows at a time.

import { type GrowInput, type TreeGrower, treeGrower } from "./grow-trees.ts";
import type { GrownTrees, NodeArrays } from "./tree-nodes.ts";

export interface GrowTask {
  /** Number of the fit in its process: batches of one fit share scratch memory. */
  readonly fit: number;
  readonly input: GrowInput;
  readonly first: number;
  readonly count: number;
  /** Where the trees are written. */
  readonly into: NodeArrays;
}

/** The grower of the last batch; several fits may take turns in one worker. */
let last: { fit: number; grower: TreeGrower } | undefined;

/** Frees the scratch memory of the last fit in this thread. */
export function forgetGrower(): void {
  last = undefined;
}

export function growBatch({ fit, input, first, count, into }: GrowTask): GrownTrees {
  if (last?.fit !== fit) last = { fit, grower: treeGrower(input) };
  return last.grower.grow(first, count, into);
}
