// A worker that grows a batch of trees.

import { type GrowInput, growTrees } from "./grow-trees.ts";
import type { GrownTrees } from "./model.ts";

export interface GrowTask {
  readonly input: GrowInput;
  readonly first: number;
  readonly count: number;
}

export default function grow({ input, first, count }: GrowTask): GrownTrees {
  return growTrees(input, first, count);
}
