// Runs an ONNX model on plain arrays, in float64: slow, readable, and independent of any runtime, it folds constants and
// is what gradients and runtimes are held to. Semantics: ONNX, docs/Operators.md.

import { RoentgenError } from "../../base/index.ts";
import type {
  OnnxFunction,
  OnnxGraph,
  OnnxModel,
  OnnxNode,
  OnnxTensor,
  TensorType,
} from "../model.ts";
import { functionBody } from "../shapes/function-body.ts";
import { type InferenceContext, inferNode } from "../shapes/infer-node.ts";
import { describeType, inferredNode, type KnownTensors } from "../shapes/rule.ts";
import {
  isInteger,
  isTexts,
  type Numbers,
  type PlainTensor,
  plainTensor,
  roundedTensor,
} from "./plain-tensor.ts";
import type { EvaluatedNode, EvaluatedValue } from "./rule.ts";
import { evaluationRule } from "./rules.ts";

export interface EvaluateOptions {
  /**
   * "declared" rounds what each node gives to its element type, as a runtime does; "float64" keeps floats as they are,
   * as an oracle wants them. Integers wrap in both.
   */
  precision?: "declared" | "float64";
}

/**
 * Evaluates a model; feeds and outputs go by name. Outputs are plain: their numbers are float64 in the range of their
 * type; `onnxTensor` turns them into arrays of the type.
 * @throws RoentgenError "format-unsupported" that names an operator without a rule, "value-missing" for an input that
 * is not fed
 */
export function evaluate(
  model: OnnxModel,
  feeds: Readonly<Record<string, OnnxTensor>>,
  options: EvaluateOptions = {},
): Record<string, PlainTensor> {
  const given = new Map<string, EvaluatedValue>();
  for (const [name, tensor] of Object.entries(feeds)) given.set(name, plainTensor(tensor));
  const scope = evaluateGraph(model.graph, given, contextOf(model, options));
  const outputs = model.graph.outputs.map(({ name }) => [name, scope.get(name)] as const);
  return Object.fromEntries(outputs) as Record<string, PlainTensor>;
}

/**
 * Evaluates one node on its inputs in order (undefined for those left out); what constant folding calls.
 * @throws RoentgenError "format-unsupported" that names an operator without a rule
 */
export function evaluateNode(
  node: OnnxNode,
  inputs: readonly (OnnxTensor | undefined)[],
  { opset, precision = "declared" }: EvaluateOptions & { opset: number },
): (PlainTensor | undefined)[] {
  const scope = new Map<string, EvaluatedValue>();
  for (const [index, tensor] of inputs.entries()) {
    if (tensor) scope.set(node.inputs[index], plainTensor(tensor));
  }
  const context: Context = { opsets: { "": opset }, precision };
  return runNode(node, scope, context) as (PlainTensor | undefined)[];
}

/** What stays the same all through a model. */
interface Context extends InferenceContext {
  readonly precision: "declared" | "float64";
}

type Scope = Map<string, EvaluatedValue>;

function contextOf(model: OnnxModel, { precision = "declared" }: EvaluateOptions): Context {
  return { opsets: model.opsets, functions: model.functions, precision };
}

/** Runs all nodes of a graph; returns every tensor by name. */
function evaluateGraph(graph: OnnxGraph, given: Scope, context: Context): Scope {
  const scope: Scope = new Map();
  for (const tensor of graph.initializers) scope.set(tensor.name, plainTensor(tensor));
  for (const [name, value] of given) scope.set(name, value);
  const missing = graph.inputs.find(({ name }) => !scope.has(name));
  if (missing) {
    throw new RoentgenError("value-missing", {
      problem: `Cannot evaluate graph "${graph.name}"`,
      expected: `a tensor for the input "${missing.name}", ${describeType(missing)}`,
      found: `tensors for ${[...given.keys()].join(", ") || "none"}`,
      subject: missing.name,
    });
  }
  for (const node of graph.nodes) evaluateInto(scope, node, context);
  return scope;
}

function evaluateInto(scope: Scope, node: OnnxNode, context: Context): void {
  for (const [index, value] of runNode(node, scope, context).entries()) {
    if (node.outputs[index] && value !== undefined) scope.set(node.outputs[index], value);
  }
}

function runNode(node: OnnxNode, scope: Scope, context: Context): (EvaluatedValue | undefined)[] {
  const body = functionBody(node, context.functions);
  if (body) return runFunction(node, body, scope, context);
  const rule = evaluationRule(node);
  if (!rule) {
    const operator = node.domain ? `${node.domain}.${node.operator}` : node.operator;
    throw new RoentgenError("format-unsupported", {
      problem: `Cannot evaluate ${operator} (node "${node.name}"): the operator has no evaluation rule`,
      subject: node.name,
    });
  }
  const seen = evaluatedNode(node, scope, context);
  return rule(seen).map((value) => inPrecision(value, context.precision));
}

/** A model's own operator: its body sees its inputs, nothing else. */
function runFunction(
  node: OnnxNode,
  body: OnnxFunction,
  outer: Scope,
  context: Context,
): (EvaluatedValue | undefined)[] {
  const scope: Scope = new Map();
  for (const [index, name] of body.inputs.entries()) {
    const value = outer.get(node.inputs[index] ?? "");
    if (value !== undefined) scope.set(name, value);
  }
  for (const inner of body.nodes) evaluateInto(scope, inner, { ...context, opsets: body.opsets });
  return body.outputs.map((name) => scope.get(name));
}

function inPrecision(
  value: EvaluatedValue | undefined,
  precision: Context["precision"],
): EvaluatedValue | undefined {
  if (!value) return value;
  if (!("type" in value)) return value.map((one) => inPrecision(one, precision) as PlainTensor);
  return precision === "declared" || isInteger(value.type) ? roundedTensor(value) : value;
}

/** A node as rules see it. */
function evaluatedNode(node: OnnxNode, scope: Scope, context: Context): EvaluatedNode {
  const opset = context.opsets[node.domain] ?? context.opsets[""] ?? 1;
  const item = (index: number) => (node.inputs[index] ? scope.get(node.inputs[index]) : undefined);
  const known = knownTensors(scope);
  const seen = inferredNode(node, opset, known);
  let types: readonly (TensorType | undefined)[] | undefined;
  const inferred = (index: number) => {
    types ??= inferNode(node, context, known).types;
    return types[index];
  };
  function any(index: number): PlainTensor {
    const value = item(index);
    return value && "type" in value ? value : seen.fail(`a tensor as input ${index}`);
  }
  function input(index: number): Numbers {
    const value = any(index);
    return isTexts(value.data) ? seen.fail(`numbers as input ${index}`) : (value as Numbers);
  }
  return {
    ...seen,
    item,
    any,
    input,
    optional: (index) => (item(index) === undefined ? undefined : input(index)),
    outputShape: (index = 0) =>
      (inferred(index)?.shape as number[] | undefined) ?? seen.fail("inputs whose shapes fit"),
    outputType: (index = 0) => inferred(index)?.type ?? seen.fail("inputs whose types fit"),
    wants: (index) => Boolean(node.outputs[index]),
    run: (graph, inputs) => {
      const given = new Map(scope);
      for (const [index, value] of inputs.entries()) given.set(graph.inputs[index].name, value);
      const inner = evaluateGraph(graph, given, context);
      return graph.outputs.map(({ name }) => inner.get(name) ?? null);
    },
  };
}

/** The tensors of a scope as shape inference takes them. */
function knownTensors(scope: Scope): KnownTensors {
  let unknowns = 0;
  const tensorOf = (name: string) => {
    const value = scope.get(name);
    return value && "type" in value ? value : undefined;
  };
  return {
    typeOf: tensorOf,
    valueOf: (name) => {
      const tensor = tensorOf(name);
      return tensor && !isTexts(tensor.data) && tensor.shape.length <= 1
        ? Array.from(tensor.data)
        : undefined;
    },
    unknown: () => `?${++unknowns}`,
  };
}
