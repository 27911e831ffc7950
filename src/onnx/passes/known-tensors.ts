// What is known of the tensors of a graph while a pass walks over its nodes: types, shapes, constants.

import { RoentgenError } from "../../base/index.ts";
import type {
  OnnxGraph,
  OnnxModel,
  OnnxNode,
  OnnxTensor,
  OnnxValue,
  TensorType,
} from "../model.ts";
import { inferNode } from "../shapes/infer-node.ts";
import type { KnownTensors, KnownValue } from "../shapes/rule.ts";

/** Knowledge of one graph and of the graphs around it. */
export interface TensorScope extends KnownTensors {
  /** The tensor, where it is the same in every run. */
  constantOf(name: string): OnnxTensor | undefined;
  /** Takes in a node whose inputs were taken in before. */
  learn(node: OnnxNode, opset: number): void;
  /** Takes in a constant. */
  learnConstant(name: string, tensor: OnnxTensor): void;
  /** Takes in a graph that is inside a node of this one. */
  inner(graph: OnnxGraph): TensorScope;
}

/** Integer constants of more elements are data, not shapes. */
const LONGEST_VALUE = 1024;

/** Starts with the inputs, initializers and value infos of a model's graph. */
export function tensorScope(model: OnnxModel): TensorScope {
  // Before IR 4 every initializer had to be listed as an input: nobody meant to override it.
  return openScope(model.graph, { overridable: model.irVersion >= 4 });
}

/** An initializer that is an input is only its default. */
interface ScopeOptions {
  readonly overridable: boolean;
  readonly around?: TensorScope;
}

let unknowns = 0;

function openScope(graph: OnnxGraph, { overridable, around }: ScopeOptions): TensorScope {
  const types = new Map<string, TensorType>();
  const values = new Map<string, KnownValue>();
  const constants = new Map<string, OnnxTensor>();

  function learnConstant(name: string, tensor: OnnxTensor): void {
    constants.set(name, tensor);
    types.set(name, { type: tensor.type, shape: tensor.shape });
    const isShape = (tensor.type === "int64" || tensor.type === "int32") && tensor.shape.length < 2;
    if (isShape && tensor.data.length <= LONGEST_VALUE) {
      values.set(name, Array.from(tensor.data as ArrayLike<bigint>, Number));
    }
  }

  const scope: TensorScope = {
    typeOf: (name) => types.get(name) ?? around?.typeOf(name),
    valueOf: (name) => values.get(name) ?? around?.valueOf(name),
    constantOf: (name) => constants.get(name) ?? around?.constantOf(name),
    unknown: () => `?${++unknowns}`,
    learnConstant,
    learn(node, opset) {
      const { value } = node.attributes;
      if (node.operator === "Constant" && node.domain === "" && value?.kind === "tensor") {
        learnConstant(node.outputs[0], value.value);
        return;
      }
      const inferred = inferTolerantly(node, opset, scope);
      for (const [index, type] of inferred.types.entries()) {
        const name = node.outputs[index];
        // What the file states is better than a rank that is not known.
        if (name && type && (type.shape || !types.get(name)?.shape)) types.set(name, type);
      }
      if (inferred.value) values.set(node.outputs[0], inferred.value);
    },
    inner: (inside) => openScope(inside, { overridable, around: scope }),
  };

  const stated = [...(graph.values ?? []), ...graph.outputs, ...graph.inputs];
  for (const value of stated) if (isTensor(value)) types.set(value.name, value);
  const inputs = new Set(overridable ? graph.inputs.map(({ name }) => name) : []);
  for (const tensor of graph.initializers) {
    if (inputs.has(tensor.name)) types.set(tensor.name, tensor);
    else learnConstant(tensor.name, tensor);
  }
  return scope;
}

function isTensor(value: OnnxValue): value is OnnxValue & TensorType {
  return value.type !== undefined && !value.container;
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
