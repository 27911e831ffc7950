// What is known of the tensors of a graph, node after node.

import type {
  OnnxGraph,
  OnnxModel,
  OnnxNode,
  OnnxTensor,
  OnnxValue,
  TensorType,
} from "../model.ts";
import type { InferredOutputs } from "./infer-node.ts";
import type { KnownTensors, KnownValue } from "./rule.ts";

/** Constants of more elements are data, not shapes. */
const LONGEST_VALUE = 1024;

/** What the graphs inside a graph see of it. */
export interface OuterTensors extends KnownTensors {
  /** The tensor, where it is the same in every run. */
  constantOf(name: string): OnnxTensor | undefined;
}

/** The tensors so far. */
export interface TensorScope extends OuterTensors {
  /** Takes in what a file says of a value; what is inferred of it goes before. */
  declare(value: OnnxValue, inferred?: TensorType): void;
  define(name: string, type: TensorType | undefined, value?: KnownValue): void;
  addConstant(name: string, tensor: OnnxTensor): void;
  /** Takes in what was inferred of a node's outputs. */
  learn(node: OnnxNode, inferred: InferredOutputs): void;
}

/** An empty scope inside another, whose tensors it sees. */
export function tensorScope(outer?: KnownTensors & Partial<OuterTensors>): TensorScope {
  const types = new Map<string, TensorType>();
  const values = new Map<string, KnownValue>();
  const constants = new Map<string, OnnxTensor>();
  let unknowns = 0;

  function define(name: string, type: TensorType | undefined, value?: KnownValue): void {
    if (type) types.set(name, mergedType(type, types.get(name)));
    if (value) values.set(name, value);
  }

  function addConstant(name: string, tensor: OnnxTensor): void {
    constants.set(name, tensor);
    define(name, { type: tensor.type, shape: tensor.shape }, valueOfConstant(tensor));
  }

  return {
    typeOf: (name) => types.get(name) ?? outer?.typeOf(name),
    valueOf: (name) => values.get(name) ?? outer?.valueOf(name),
    constantOf: (name) => constants.get(name) ?? outer?.constantOf?.(name),
    unknown: outer?.unknown ?? (() => `?${++unknowns}`),
    define,
    declare({ name, type, shape, container }, inferred) {
      if (type && !container) types.set(name, { type, shape });
      define(name, inferred);
    },
    addConstant,
    learn({ outputs, attributes, operator, domain }, { types: inferred, value }) {
      const constant = operator === "Constant" && domain === "" ? attributes.value : undefined;
      if (constant?.kind === "tensor") return addConstant(outputs[0], constant.value);
      for (const [index, type] of inferred.entries()) {
        if (outputs[index]) define(outputs[index], type);
      }
      if (value && outputs[0]) values.set(outputs[0], value);
    },
  };
}

/** A scope with what a graph says of its tensors: inputs, outputs, initializers, value infos. */
export function graphScope(
  graph: OnnxGraph,
  { irVersion }: Pick<OnnxModel, "irVersion">,
  outer?: OuterTensors,
): TensorScope {
  const scope = tensorScope(outer);
  for (const value of [...(graph.values ?? []), ...graph.outputs, ...graph.inputs]) {
    scope.declare(value);
  }
  // Before IR 4 every initializer had to be an input too; since then one that is an input is only its default.
  const inputs = new Set(irVersion >= 4 ? graph.inputs.map(({ name }) => name) : []);
  for (const tensor of graph.initializers) {
    if (inputs.has(tensor.name)) scope.declare(tensor);
    else scope.addConstant(tensor.name, tensor);
  }
  return scope;
}

/** What is inferred, and where that leaves something open, what was declared. */
export function mergedType(inferred: TensorType, declared: TensorType | undefined): TensorType {
  if (!declared || declared.type !== inferred.type) return inferred;
  const [known, said] = [inferred.shape, declared.shape];
  if (!known || !said || known.length !== said.length) {
    return { type: inferred.type, shape: known ?? said };
  }
  const shape = known.map((length, axis) => {
    const isOpen = typeof length === "string";
    const isSaid = typeof said[axis] === "number" || (isOpen && length.startsWith("?"));
    return isOpen && isSaid ? said[axis] : length;
  });
  return { type: inferred.type, shape };
}

/** Elements of a small constant that shapes may be computed with; floats too, since Resize takes its scales as floats. */
function valueOfConstant({ type, shape, data }: OnnxTensor): KnownValue | undefined {
  const isNumeric = /^(int(64|32)|float(32|64)|bool)$/.test(type);
  return isNumeric && shape.length <= 1 && data.length <= LONGEST_VALUE
    ? Array.from(data as ArrayLike<bigint | number>, Number)
    : undefined;
}
