// Types and shapes of all tensors of a model, those in graphs inside nodes too.

import type { OnnxGraph, OnnxModel, TensorType } from "../model.ts";
import { type ModelScope, modelScope } from "./model-scope.ts";
import { definedNames, subgraphsOf } from "./subgraphs.ts";

/** Types by name; tensors that nothing is known of are left out. */
export function inferTypes(model: OnnxModel): ReadonlyMap<string, TensorType> {
  const types = new Map<string, TensorType>();
  collect(model.graph, { scope: modelScope(model), opset: model.opsets[""] ?? 1, types });
  return types;
}

interface Collecting {
  readonly scope: ModelScope;
  readonly opset: number;
  readonly types: Map<string, TensorType>;
}

function collect(graph: OnnxGraph, { scope, opset, types }: Collecting): void {
  for (const node of graph.nodes) {
    for (const inner of subgraphsOf(node)) {
      collect(inner, { scope: scope.inner(inner), opset, types });
    }
    scope.learn(node, opset);
  }
  for (const name of definedNames(graph)) {
    const found = scope.typeOf(name);
    if (found) types.set(name, { type: found.type, shape: found.shape });
  }
}
