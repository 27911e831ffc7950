// What is known of the tensors of a graph, node after node.

import type { OnnxNode, OnnxTensor, OnnxValue, TensorType } from "../model.ts";
import type { InferredOutputs } from "./infer-node.ts";
import type { KnownTensors, KnownValue } from "./rule.ts";

/** Constants of more elements are data, not shapes. */
const LONGEST_VALUE = 1024;

/** The tensors so far. */
export interface TensorScope extends KnownTensors {
  /** Takes in what a file says of a value; what is inferred of it goes before. */
  declare(value: OnnxValue, inferred?: TensorType): void;
  define(name: string, type: TensorType | undefined, value?: KnownValue): void;
  addConstant(name: string, tensor: OnnxTensor): void;
  /** Takes in what was inferred of a node's outputs. */
  learn(node: OnnxNode, inferred: InferredOutputs): void;
}

/** An empty scope inside another, whose tensors it sees. */
export function tensorScope(outer?: KnownTensors): TensorScope {
  const types = new Map<string, TensorType>();
  const values = new Map<string, KnownValue>();
  let unknowns = 0;

  function define(name: string, type: TensorType | undefined, value?: KnownValue): void {
    if (type) types.set(name, mergedType(type, types.get(name)));
    if (value) values.set(name, value);
  }

  return {
    typeOf: (name) => types.get(name) ?? outer?.typeOf(name),
    valueOf: (name) => values.get(name) ?? outer?.valueOf(name),
    unknown: outer?.unknown ?? (() => `?${++unknowns}`),
    define,
    declare({ name, type, shape, container }, inferred) {
      if (type && !container) types.set(name, { type, shape });
      define(name, inferred);
    },
    addConstant: (name, tensor) =>
      define(name, { type: tensor.type, shape: tensor.shape }, valueOfConstant(tensor)),
    learn({ outputs, attributes, operator }, { types: inferred, value }) {
      for (const [index, type] of inferred.entries()) {
        if (outputs[index]) define(outputs[index], type);
      }
      const constant = operator === "Constant" ? attributes.value : undefined;
      const known = constant?.kind === "tensor" ? valueOfConstant(constant.value) : value;
      if (known && outputs[0]) values.set(outputs[0], known);
    },
  };
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
