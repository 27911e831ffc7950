// The module that the room's worker threads run: whatever kind of task comes.

import { growBatch } from "./grow-batch.ts";
import { sumTrees } from "./sum-trees.ts";
import { explainRows } from "./tree-shapley.ts";

/** What workers can do, by kind. */
const kinds = {
  grow: growBatch,
  sum: sumTrees,
  explain: explainRows,
  /** Nothing, to have a worker started. */
  start: (_: Record<string, never>) => {},
};

export type Kind = keyof typeof kinds;
export type TaskOf<K extends Kind> = Parameters<(typeof kinds)[K]>[0];
export type ResultOf<K extends Kind> = ReturnType<(typeof kinds)[K]>;

export interface Order<K extends Kind> {
  readonly kind: K;
  readonly task: TaskOf<K>;
}

export default function work<K extends Kind>({ kind, task }: Order<K>): ResultOf<K> {
  const run = kinds[kind] as (task: TaskOf<K>) => ResultOf<K>;
  return run(task);
}
