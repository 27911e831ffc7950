// Orders the nodes of a training step so that ONNX Runtime holds few tensors at a time.

import type { OnnxModel, OnnxNode } from "../model.ts";

/**
 * The same model with its nodes in another order. ONNX Runtime walks back from the last nodes and computes, of a node's
 * inputs, the one that comes last in the file first (`Graph::ReverseDFSFrom`, up to 1.30). So deep nodes come last:
 * what a gradient takes from the forward pass is then computed once that gradient is there, not long before. Of nodes
 * that nothing follows, such as updates of weights, the deepest come first: each runs as soon as its gradient is there.
 */
export function scheduleNodes(model: OnnxModel): OnnxModel {
  const { nodes } = model.graph;
  const depths = depthsOf(nodes);
  const ends = endsOf(nodes);
  const ascending = (a: OnnxNode, b: OnnxNode) => depth(a) - depth(b);
  const depth = (node: OnnxNode) => depths.get(node) ?? 0;
  const inner = nodes.filter((node) => !ends.has(node)).toSorted(ascending);
  const last = nodes.filter((node) => ends.has(node)).toSorted((a, b) => ascending(b, a));
  // A node that only names an output is taken out by ONNX Runtime; it follows what it names.
  const [names, rest] = [last.filter(isName), last.filter((node) => !isName(node))];
  return { ...model, graph: { ...model.graph, nodes: [...inner, ...rest, ...names] } };
}

/** The longest way from the graph's inputs to each node. */
function depthsOf(nodes: readonly OnnxNode[]): Map<OnnxNode, number> {
  const reached = new Map<string, number>();
  const depths = new Map<OnnxNode, number>();
  for (const node of nodes) {
    const depth =
      readsOf(node).reduce((most, name) => Math.max(most, reached.get(name) ?? 0), 0) + 1;
    depths.set(node, depth);
    for (const output of node.outputs) reached.set(output, depth);
  }
  return depths;
}

/** Nodes whose outputs no other node reads, but one that only names them as the graph's outputs. */
function endsOf(nodes: readonly OnnxNode[]): Set<OnnxNode> {
  const read = new Set<string>();
  const ends = new Set<OnnxNode>();
  for (const node of nodes.toReversed()) {
    const isEnd = node.outputs.every((name) => !read.has(name));
    if (isEnd) ends.add(node);
    if (!isEnd || !isName(node)) for (const name of readsOf(node)) read.add(name);
  }
  return ends;
}

function isName(node: OnnxNode): boolean {
  return node.operator === "Identity";
}

/** Tensors that a node reads, those of graphs inside it included. */
function readsOf(node: OnnxNode): string[] {
  const inside = Object.values(node.attributes).flatMap((attribute) => {
    if (attribute.kind === "graph") return attribute.value.nodes.flatMap(readsOf);
    return attribute.kind === "graphs"
      ? attribute.value.flatMap(({ nodes }) => nodes.flatMap(readsOf))
      : [];
  });
  return [...node.inputs.filter(Boolean), ...inside];
}
