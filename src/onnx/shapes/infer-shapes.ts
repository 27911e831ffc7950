// Type and shape of every tensor of a model.

import type { OnnxModel, OnnxValue } from "../model.ts";
import { inferNodes } from "./infer-node.ts";
import { mergedType, tensorScope } from "./tensor-scope.ts";

/**
 * The model with the types and shapes of its tensors filled in: of those between nodes as `values`, of its outputs in
 * place. Lengths that are not known before it runs stay symbols; equal symbols are equal lengths.
 * @throws RoentgenError "shape-mismatch" that names the operator whose inputs do not fit, and their shapes
 */
export function inferShapes(model: OnnxModel): OnnxModel {
  const { graph } = model;
  const scope = tensorScope();
  // Before IR 4 every initializer had to be an input too; since then one that is an input is only its default.
  const inputs = new Set(model.irVersion >= 4 ? graph.inputs.map(({ name }) => name) : []);
  for (const tensor of graph.initializers) {
    if (inputs.has(tensor.name)) scope.declare(tensor);
    else scope.addConstant(tensor.name, tensor);
  }
  for (const value of [...graph.inputs, ...(graph.values ?? [])]) scope.declare(value);
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
