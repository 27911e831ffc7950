// Names that nothing in a model has yet.

import type { OnnxGraph } from "../model.ts";
import { definedNames, freeNames, graphsWithin } from "./subgraphs.ts";

/** Makes a name from a hint; each call gives another. */
export type FreshNames = (hint: string) => string;

/** Names that none of the graphs, nor those inside them, have. */
export function freshNames(...graphs: readonly OnnxGraph[]): FreshNames {
  const taken = new Set<string>();
  for (const outer of graphs) {
    for (const name of freeNames(outer)) taken.add(name);
    for (const graph of graphsWithin(outer)) {
      for (const name of definedNames(graph)) taken.add(name);
      for (const { name } of graph.nodes) taken.add(name);
    }
  }
  const counts = new Map<string, number>();
  return (hint) => {
    let count = counts.get(hint) ?? 0;
    let name = count === 0 ? hint : `${hint}_${count}`;
    while (taken.has(name)) name = `${hint}_${++count}`;
    counts.set(hint, count + 1);
    taken.add(name);
    return name;
  };
}
