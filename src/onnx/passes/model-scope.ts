// What is known of the tensors of a model while a pass walks over its nodes: types, shapes, constants.

import { RoentgenError } from "../../base/index.ts";
import type { OnnxGraph, OnnxModel, OnnxNode, OnnxTensor } from "../model.ts";
import { inferNode } from "../shapes/infer-node.ts";
import type { KnownTensors } from "../shapes/rule.ts";
import { graphScope, type OuterTensors } from "../shapes/tensor-scope.ts";

/** Knowledge of one graph of a model and of the graphs around it. */
export interface ModelScope extends OuterTensors {
  /** Takes in a node whose inputs were taken in before. */
  learn(node: OnnxNode, opset: number): void;
  /** Takes in a constant. */
  learnConstant(name: string, tensor: OnnxTensor): void;
  /** Takes in a graph that is inside a node of this one. */
  inner(graph: OnnxGraph): ModelScope;
}

/** Starts with the inputs, initializers and value infos of a model's graph. */
export function modelScope(model: OnnxModel): ModelScope {
  return openScope(model.graph, model, undefined);
}

function openScope(
  graph: OnnxGraph,
  model: Pick<OnnxModel, "irVersion">,
  outer: OuterTensors | undefined,
): ModelScope {
  const { learn, addConstant, ...known } = graphScope(graph, model, outer);
  const scope: ModelScope = {
    ...known,
    learnConstant: addConstant,
    learn: (node, opset) => learn(node, inferTolerantly(node, opset, known)),
    inner: (inside) => openScope(inside, model, scope),
  };
  return scope;
}

/** A rewrite of a model that runs must not fail because inference knows too little of it. */
function inferTolerantly(node: OnnxNode, opset: number, known: KnownTensors) {
  try {
    return inferNode(node, { opsets: { "": opset, [node.domain]: opset } }, known);
  } catch (error) {
    if (error instanceof RoentgenError) return { types: [] };
    throw error;
  }
}
