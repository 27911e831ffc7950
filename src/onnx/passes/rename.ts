// Gives tensors of a model other names.

import { RoentgenError } from "../../base/index.ts";
import type { OnnxGraph, OnnxModel, OnnxNode } from "../model.ts";
import { definedNames, graphsWithin, mapSubgraphs } from "./subgraphs.ts";

/**
 * Renames tensors: inputs, outputs, initializers or tensors in between, in graphs inside nodes too.
 * @throws RoentgenError "value-invalid" where a name is not there, or a new one is taken
 */
export function renameTensors(
  model: OnnxModel,
  names: Readonly<Record<string, string>>,
): OnnxModel {
  const taken = new Set(
    [...graphsWithin(model.graph)].flatMap((graph) => [...definedNames(graph)]),
  );
  const renames = new Map(Object.entries(names).filter(([from, to]) => from !== to));
  for (const from of renames.keys()) {
    if (!taken.delete(from)) throw badName(from, "the name of a tensor of the model", "none of it");
  }
  for (const [from, to] of renames) {
    if (to === "" || taken.has(to)) throw badName(from, "a new name that nothing has", `"${to}"`);
    taken.add(to);
  }
  return { ...model, graph: renameInGraph(model.graph, (name) => renames.get(name) ?? name) };
}

function badName(name: string, expected: string, found: string): RoentgenError {
  const problem = `Cannot rename the tensor "${name}"`;
  return new RoentgenError("value-invalid", { problem, expected, found, subject: name });
}

/** The graph with every name of a tensor changed; names are unique in it and all graphs inside. */
export function renameInGraph(graph: OnnxGraph, rename: (name: string) => string): OnnxGraph {
  const named = <Item extends { readonly name: string }>(item: Item): Item => ({
    ...item,
    name: rename(item.name),
  });
  return {
    ...graph,
    inputs: graph.inputs.map(named),
    outputs: graph.outputs.map(named),
    initializers: graph.initializers.map(named),
    nodes: graph.nodes.map((node) => renameInNode(node, rename)),
    ...(graph.values && { values: graph.values.map(named) }),
    ...(graph.quantization && {
      quantization: graph.quantization.map(({ tensor, parameters }) => ({
        tensor: rename(tensor),
        parameters: Object.fromEntries(
          Object.entries(parameters).map(([key, name]) => [key, rename(name)]),
        ),
      })),
    }),
  };
}

/** The graph with every node's own name changed; runtimes want them different too. */
export function renameNodes(graph: OnnxGraph, rename: (name: string) => string): OnnxGraph {
  const nodes = graph.nodes.map((node) => ({
    ...mapSubgraphs(node, (inner) => renameNodes(inner, rename)),
    name: node.name === "" ? "" : rename(node.name),
  }));
  return { ...graph, nodes };
}

/** The node with every name of a tensor changed. */
export function renameInNode(node: OnnxNode, rename: (name: string) => string): OnnxNode {
  const change = (name: string) => (name === "" ? "" : rename(name));
  const renamed = { ...node, inputs: node.inputs.map(change), outputs: node.outputs.map(change) };
  return mapSubgraphs(renamed, (graph) => renameInGraph(graph, change));
}
