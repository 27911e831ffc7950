// Type and shape of every tensor of a model.

import type { OnnxModel, OnnxValue } from "../model.ts";
import { inferNodes } from "./infer-node.ts";
import { graphScope, mergedType } from "./tensor-scope.ts";

/**
 * The model with the types and shapes of its tensors filled in: of those between nodes as `values`, of its outputs in
 * place. Lengths that are not known before it runs stay symbols; equal symbols are equal lengths.
 * @throws RoentgenError "shape-mismatch" that names the operator whose inputs do not fit, and their shapes
 */
export function inferShapes(model: OnnxModel): OnnxModel {
  const { graph } = model;
  const scope = graphScope({ ...graph, outputs: [] }, model);
  inferNodes(graph.nodes, model, scope);
  const declared = new Map((graph.values ?? []).map((value) => [value.name, value]));
  const outer = new Set([...graph.inputs, ...graph.outputs].map(({ name }) => name));
  const between = graph.nodes.flatMap(({ outputs }) =>
    outputs.filter((name) => name && !outer.has(name)),
  );
  const values = between.flatMap((name): OnnxValue[] => {
    const [said, type] = [declared.get(name), scope.typeOf(name)];
    return type && !said?.container ? [{ ...said, name, ...type }] : said ? [said] : [];
  });
  const outputs = graph.outputs.map((value): OnnxValue => {
    const type = scope.typeOf(value.name);
    if (!type || value.container) return value;
    const said = value.type && { type: value.type, shape: value.shape };
    return { ...value, ...mergedType(type, said) };
  });
  return { ...model, graph: { ...graph, outputs, values } };
}
