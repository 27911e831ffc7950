// Takes out of a model what none of its outputs needs.

import type { OnnxFunction, OnnxGraph, OnnxModel, OnnxNode } from "../model.ts";
import { definedNames, graphsWithin, mapSubgraphs, readsOf } from "./subgraphs.ts";

/** The model without nodes, initializers and functions that nothing needs; its inputs stay. */
export function removeDeadCode(model: OnnxModel): OnnxModel {
  const graph = prune(model.graph, model.irVersion < 4);
  if (!model.functions) return { ...model, graph };
  return { ...model, graph, functions: calledFunctions(model.functions, graph) };
}

/** `listsAll`: initializers had to be inputs before IR 4, so they go together. */
function prune(graph: OnnxGraph, listsAll: boolean): OnnxGraph {
  const needed = new Set(graph.outputs.map(({ name }) => name));
  const nodes: OnnxNode[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((name) => needed.has(name))) continue;
    const kept = mapSubgraphs(node, (inner) => prune(inner, false));
    for (const name of readsOf(kept)) needed.add(name);
    nodes.unshift(kept);
  }
  const held = new Set(graph.initializers.map(({ name }) => name));
  const isKept = ({ name }: { name: string }) => needed.has(name) || !(listsAll && held.has(name));
  const inputs = graph.inputs.filter(isKept);
  const defaults = new Set(inputs.map(({ name }) => name));
  const initializers = graph.initializers.filter(
    ({ name }) => needed.has(name) || defaults.has(name),
  );
  return aboutTensorsOf({ ...graph, inputs, initializers, nodes });
}

/** The graph without notes on tensors that it does not have. */
function aboutTensorsOf(graph: OnnxGraph): OnnxGraph {
  const defined = definedNames(graph);
  const { values, quantization } = graph;
  return {
    ...graph,
    ...(values && { values: values.filter(({ name }) => defined.has(name)) }),
    ...(quantization && { quantization: quantization.filter((one) => defined.has(one.tensor)) }),
  };
}

/** Functions that the graph calls, or that those call. */
function calledFunctions(functions: readonly OnnxFunction[], graph: OnnxGraph): OnnxFunction[] {
  const called = new Set<OnnxFunction>();
  const open = [...graphsWithin(graph)].flatMap(({ nodes }) => nodes);
  for (let node = open.pop(); node; node = open.pop()) {
    const { domain, operator, overload = "" } = node;
    const found = functions.find(
      (one) => one.domain === domain && one.name === operator && (one.overload ?? "") === overload,
    );
    if (!found || called.has(found)) continue;
    called.add(found);
    const body = { name: "", inputs: [], outputs: [], initializers: [], nodes: found.nodes };
    open.push(...[...graphsWithin(body)].flatMap(({ nodes }) => nodes));
  }
  return functions.filter((one) => called.has(one));
}
