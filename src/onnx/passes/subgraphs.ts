// Graphs inside nodes (If, Loop, Scan, …) and the names that they take from around them (ONNX, IR.md, "Static tensor
// shapes and names").

import type { Attribute, OnnxGraph, OnnxNode } from "../model.ts";

/** The graphs that a node holds. */
export function subgraphsOf({ attributes }: OnnxNode): OnnxGraph[] {
  return Object.values(attributes).flatMap((attribute) =>
    attribute.kind === "graph"
      ? [attribute.value]
      : attribute.kind === "graphs"
        ? attribute.value
        : [],
  );
}

/** The node with each of its graphs changed; the node itself where it has none. */
export function mapSubgraphs(node: OnnxNode, change: (graph: OnnxGraph) => OnnxGraph): OnnxNode {
  if (subgraphsOf(node).length === 0) return node;
  const attributes = Object.entries(node.attributes).map(([name, attribute]) => [
    name,
    mapGraphs(attribute, change),
  ]);
  return { ...node, attributes: Object.fromEntries(attributes) };
}

function mapGraphs(attribute: Attribute, change: (graph: OnnxGraph) => OnnxGraph): Attribute {
  if (attribute.kind === "graph") return { ...attribute, value: change(attribute.value) };
  if (attribute.kind === "graphs") return { ...attribute, value: attribute.value.map(change) };
  return attribute;
}

/** Names that a node reads: its inputs, and what its graphs take from around it. */
export function readsOf(node: OnnxNode): string[] {
  return [
    ...node.inputs.filter(Boolean),
    ...subgraphsOf(node).flatMap((graph) => [...freeNames(graph)]),
  ];
}

/** Names that a graph uses but does not define. */
export function freeNames(graph: OnnxGraph): Set<string> {
  const defined = definedNames(graph);
  const used = [...graph.nodes.flatMap(readsOf), ...graph.outputs.map(({ name }) => name)];
  return new Set(used.filter((name) => !defined.has(name)));
}

/** Names of all tensors that a graph itself defines. */
export function definedNames({ inputs, initializers, nodes }: OnnxGraph): Set<string> {
  const names = [
    ...inputs.map(({ name }) => name),
    ...initializers.map(({ name }) => name),
    ...nodes.flatMap(({ outputs }) => outputs),
  ];
  const defined = new Set(names);
  defined.delete("");
  return defined;
}

/** All graphs within a graph, itself first. */
export function* graphsWithin(graph: OnnxGraph): Generator<OnnxGraph> {
  yield graph;
  for (const node of graph.nodes) {
    for (const inner of subgraphsOf(node)) yield* graphsWithin(inner);
  }
}
