// Pools before it cuts off below zero: max(relu(x)) = relu(max(x)), and after the pool there is less to cut off.

import type { OnnxModel, OnnxNode } from "../model.ts";

/**
 * Exchanges each Relu with the MaxPool that alone takes its output. Values stay the same to the bit; so do gradients, since
 * what is at or below zero passes none either way.
 */
export function poolBeforeRelu(model: OnnxModel): OnnxModel {
  const { graph } = model;
  const uses = new Map<string, number>();
  const taken = [
    ...graph.nodes.flatMap(({ inputs }) => inputs),
    ...graph.outputs.map(({ name }) => name),
  ];
  for (const name of taken) uses.set(name, (uses.get(name) ?? 0) + 1);
  const relus = new Map(
    graph.nodes
      .filter((node) => isPlain(node, "Relu") && uses.get(node.outputs[0]) === 1)
      .map((node) => [node.outputs[0], node]),
  );
  const exchanged = new Set<OnnxNode>();
  for (const node of graph.nodes) {
    const relu = relus.get(node.inputs[0]);
    if (relu && isPlain(node, "MaxPool") && !node.outputs[1]) exchanged.add(relu);
  }
  const nodes = graph.nodes.flatMap((node) => {
    if (exchanged.has(node)) return [];
    const relu = relus.get(node.inputs[0]);
    if (!relu || !exchanged.has(relu) || !isPlain(node, "MaxPool")) return [node];
    const between = relu.outputs[0];
    return [
      { ...node, inputs: [relu.inputs[0]], outputs: [between] },
      { ...relu, inputs: [between], outputs: [node.outputs[0]] },
    ];
  });
  return { ...model, graph: { ...graph, nodes } };
}

function isPlain({ domain, operator }: OnnxNode, name: string): boolean {
  return domain === "" && operator === name;
}
