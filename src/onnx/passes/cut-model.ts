// Takes a part of a model, from some of its tensors to others.

import { RoentgenError } from "../../base/index.ts";
import type { OnnxGraph, OnnxModel, OnnxNode, OnnxValue, TensorType } from "../model.ts";
import { type FreshNames, freshNames } from "./fresh-names.ts";
import { inferTypes } from "./infer-types.ts";
import { removeDeadCode } from "./remove-dead-code.ts";
import { definedNames, readsOf } from "./subgraphs.ts";

export interface CutModelOptions {
  /** Tensors that are fed; by default the model's own inputs, as far as they are needed. */
  inputs?: readonly string[];
  /** Tensors that are wanted; by default the model's own outputs. */
  outputs?: readonly string[];
}

/**
 * The part of a model between tensors.
 * @throws RoentgenError "value-missing" where a tensor is not there, where its type is not known, or where an output
 * needs an input of the model that is not among `inputs`
 */
export function cutModel(model: OnnxModel, { inputs, outputs }: CutModelOptions): OnnxModel {
  const { graph } = model;
  const ends = outputs ?? graph.outputs.map(({ name }) => name);
  const starts = new Set(inputs ?? []);
  const defined = definedNames(graph);
  for (const name of [...starts, ...ends]) if (!defined.has(name)) throw noTensor(name, graph);
  const types = inferTypes(model);
  const known = new Map([...graph.inputs, ...graph.outputs].map((value) => [value.name, value]));
  const stated = (name: string) => known.get(name) ?? typed(name, types.get(name));
  const fresh = freshNames(graph);
  const nodes = graph.nodes.flatMap((node) => withoutOutputs(node, starts, fresh));
  const cut = {
    ...graph,
    inputs: inputs ? inputs.map(stated) : graph.inputs,
    outputs: ends.map(stated),
    initializers: graph.initializers.filter(({ name }) => !starts.has(name)),
    nodes,
  };
  const pruned = removeDeadCode({ ...model, graph: cut });
  return {
    ...pruned,
    graph: inputs ? withoutMissing(pruned.graph, graph) : neededInputs(pruned.graph),
  };
}

/** The node with outputs that are fed instead under names that nobody reads; none where all are. */
function withoutOutputs(
  node: OnnxNode,
  fed: ReadonlySet<string>,
  fresh: FreshNames,
): readonly OnnxNode[] {
  if (!node.outputs.some((name) => fed.has(name))) return [node];
  const outputs = node.outputs.map((name) => (fed.has(name) ? fresh(name) : name));
  return [{ ...node, outputs }];
}

function typed(name: string, type: TensorType | undefined): OnnxValue {
  if (type) return { name, ...type };
  throw new RoentgenError("value-missing", {
    problem: `Cannot cut the model at "${name}"`,
    expected: "a tensor whose type is known",
    found: "one after an operator without shape inference",
    remedy: "Add its type to the model's value infos.",
    subject: name,
  });
}

/** Refuses a part that reads an input of the whole which nobody gives. */
function withoutMissing(part: OnnxGraph, whole: OnnxGraph): OnnxGraph {
  const defined = definedNames(part);
  const read = [...part.nodes.flatMap(readsOf), ...part.outputs.map(({ name }) => name)];
  const missing = read.find((name) => !defined.has(name));
  if (missing === undefined) return part;
  throw new RoentgenError("value-missing", {
    problem: `Cannot cut the model: what is wanted needs the input "${missing}" too`,
    expected: "inputs that are enough for the outputs",
    found: part.inputs.map(({ name }) => name).join(", ") || "none",
    remedy: `Add "${missing}" to the inputs, which the whole model "${whole.name}" takes.`,
    subject: missing,
  });
}

function neededInputs(part: OnnxGraph): OnnxGraph {
  const read = new Set([...part.nodes.flatMap(readsOf), ...part.outputs.map(({ name }) => name)]);
  const inputs = part.inputs.filter(({ name }) => read.has(name));
  const names = new Set(inputs.map(({ name }) => name));
  const initializers = part.initializers.filter(({ name }) => read.has(name) || names.has(name));
  return { ...part, inputs, initializers };
}

function noTensor(name: string, graph: OnnxGraph): RoentgenError {
  return new RoentgenError("value-missing", {
    problem: `Cannot cut the model at "${name}"`,
    expected: `a tensor of the graph "${graph.name}"`,
    found: "no such name",
    remedy: "`roentgen summary` lists the tensors of a model.",
    subject: name,
  });
}
