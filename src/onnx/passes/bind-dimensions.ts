// Gives free lengths of a model's inputs, such as the batch, a number or another name.

import { RoentgenError } from "../../base/index.ts";
import type { Dimension, OnnxGraph, OnnxModel, OnnxValue } from "../model.ts";
import { inferTypes } from "./infer-types.ts";
import { mapSubgraphs } from "./subgraphs.ts";

/**
 * The model with lengths in place of names, in all that it says of its tensors; what follows from them is inferred.
 * @throws RoentgenError "value-missing" for a name that no input has, "value-invalid" for a length that is none
 */
export function bindDimensions(
  model: OnnxModel,
  lengths: Readonly<Record<string, Dimension>>,
): OnnxModel {
  const free = new Set(model.graph.inputs.flatMap(({ shape }) => shape ?? []));
  for (const [name, length] of Object.entries(lengths)) {
    if (!free.has(name)) throw noDimension(name, free);
    const isLength = typeof length === "string" || (Number.isSafeInteger(length) && length >= 0);
    if (!isLength) throw badLength(name, length);
  }
  const bound = new Map(Object.entries(lengths));
  const graph = bindGraph(model.graph, (length) => bound.get(String(length)) ?? length);
  return withInferredOutputs({ ...model, graph });
}

function bindGraph(graph: OnnxGraph, bind: (length: Dimension) => Dimension): OnnxGraph {
  const bindValue = (value: OnnxValue): OnnxValue =>
    value.shape ? { ...value, shape: value.shape.map(bind) } : value;
  return {
    ...graph,
    inputs: graph.inputs.map(bindValue),
    outputs: graph.outputs.map(bindValue),
    ...(graph.values && { values: graph.values.map(bindValue) }),
    nodes: graph.nodes.map((node) => mapSubgraphs(node, (inner) => bindGraph(inner, bind))),
  };
}

/** Outputs with the shapes that inference finds; where it finds none, those stated. */
export function withInferredOutputs(model: OnnxModel): OnnxModel {
  const types = inferTypes(model);
  const outputs = model.graph.outputs.map((value) => {
    const shape = value.container ? undefined : types.get(value.name)?.shape;
    return shape ? { ...value, shape } : value;
  });
  return { ...model, graph: { ...model.graph, outputs } };
}

function noDimension(name: string, free: ReadonlySet<Dimension>): RoentgenError {
  const names = [...free].filter((one) => typeof one === "string");
  return new RoentgenError("value-missing", {
    problem: `Cannot bind the dimension "${name}"`,
    expected: names.length > 0 ? `one of ${names.join(", ")}` : "a free dimension of an input",
    found: "no input that has it",
    subject: name,
  });
}

function badLength(name: string, length: Dimension): RoentgenError {
  return new RoentgenError("value-invalid", {
    problem: `Cannot bind the dimension "${name}"`,
    expected: "a whole number from 0 on, or another name",
    found: String(length),
    subject: name,
  });
}
