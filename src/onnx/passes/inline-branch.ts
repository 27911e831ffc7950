// Puts one branch of an If in its place, where the condition is known.

import type { Initializer, OnnxGraph, OnnxNode } from "../model.ts";
import type { FreshNames } from "./fresh-names.ts";
import { renameInGraph, renameNodes } from "./rename.ts";
import { definedNames, graphsWithin } from "./subgraphs.ts";

export interface InlinedBranch {
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly Initializer[];
}

/** The branch's nodes with names of their own, giving the outputs of the If. */
export function inlineBranch(node: OnnxNode, branch: OnnxGraph, fresh: FreshNames): InlinedBranch {
  const names = new Map<string, string>();
  // Branches of two Ifs may use the same names, as neither sees the other.
  for (const graph of graphsWithin(branch)) {
    for (const name of definedNames(graph)) names.set(name, fresh(name));
  }
  const renamed = renameNodes(
    renameInGraph(branch, (name) => names.get(name) ?? name),
    fresh,
  );
  const results = renamed.outputs.map(({ name }, at): OnnxNode => {
    const output = node.outputs[at] ?? "";
    const [inputs, outputs] = [[name], [output]];
    return {
      operator: "Identity",
      domain: "",
      name: fresh(output),
      inputs,
      outputs,
      attributes: {},
    };
  });
  const wanted = results.filter(({ outputs }) => outputs[0] !== "");
  return { nodes: [...renamed.nodes, ...wanted], initializers: renamed.initializers };
}
