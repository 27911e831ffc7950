// Type and shape of a node's outputs from those of its inputs, by the operator's rule.

import type { OnnxFunction, OnnxGraph, OnnxModel, OnnxNode, TensorType } from "../model.ts";
import { attentionShapes } from "./attention.ts";
import { castingShapes } from "./casting.ts";
import { controlFlowShapes } from "./control-flow.ts";
import { convolutionShapes } from "./convolution.ts";
import { elementwiseShapes } from "./elementwise.ts";
import { functionBody } from "./function-body.ts";
import { generationShapes } from "./generation.ts";
import { indexingShapes } from "./indexing.ts";
import { layoutShapes } from "./layout.ts";
import { machineLearningShapes } from "./machine-learning.ts";
import { matrixShapes } from "./matrix.ts";
import { microsoftShapes } from "./microsoft.ts";
import { normalizationShapes } from "./normalization.ts";
import { recurrentShapes } from "./recurrent.ts";
import { reductionShapes } from "./reduction.ts";
import { resamplingShapes } from "./resampling.ts";
import {
  inferredNode,
  type KnownTensors,
  type KnownValue,
  type ShapeRules,
  type ValueRule,
} from "./rule.ts";
import { signalShapes } from "./signal.ts";
import { type TensorScope, tensorScope } from "./tensor-scope.ts";
import { textShapes } from "./text.ts";
import { shapeValues } from "./values.ts";

/** Shape rules of each domain by operator. */
const shapeRules: Readonly<Record<string, ShapeRules>> = {
  "": {
    ...elementwiseShapes,
    ...convolutionShapes,
    ...matrixShapes,
    ...layoutShapes,
    ...reductionShapes,
    ...indexingShapes,
    ...generationShapes,
    ...castingShapes,
    ...normalizationShapes,
    ...resamplingShapes,
    ...attentionShapes,
    ...recurrentShapes,
    ...signalShapes,
    ...textShapes,
    ...controlFlowShapes,
  },
  "ai.onnx.ml": machineLearningShapes,
  "com.microsoft": microsoftShapes,
};

const valueRules: Readonly<Record<string, ValueRule>> = shapeValues;

/** What of a model its nodes' meaning depends on. */
export type InferenceContext = Pick<OnnxModel, "opsets" | "functions">;

/** What is known of a node's outputs. */
export interface InferredOutputs {
  readonly types: readonly (TensorType | undefined)[];
  /** Elements of the first output, where it is a small tensor that shapes are computed with. */
  readonly value?: KnownValue;
}

/**
 * Infers the outputs of a node; nothing is known of those of an operator without a rule.
 * @throws RoentgenError "shape-mismatch" that names the operator, its inputs and their shapes
 */
export function inferNode(
  node: OnnxNode,
  context: InferenceContext,
  known: KnownTensors,
): InferredOutputs {
  const domain = node.domain === "ai.onnx" ? "" : node.domain;
  const body = functionBody(node, context.functions);
  if (body) return { types: inferFunction(node, body, context, known) };
  const seen = inferredNode(node, context.opsets[node.domain] ?? context.opsets[""] ?? 1, known);
  const inferInner = (graph: OnnxGraph, inputs: readonly (TensorType | undefined)[]) =>
    inferGraphOutputs(graph, inputs, context, known);
  const types = shapeRules[domain]?.[node.operator]?.(seen, inferInner) ?? [];
  return { types, value: domain === "" ? valueRules[node.operator]?.(seen) : undefined };
}

/** Infers all nodes of a graph into a scope that holds its inputs and initialisers. */
export function inferNodes(
  nodes: readonly OnnxNode[],
  context: InferenceContext,
  scope: TensorScope,
): void {
  for (const node of nodes) scope.learn(node, inferNode(node, context, scope));
}

/** A graph inside a node: it sees the tensors around the node. */
function inferGraphOutputs(
  graph: OnnxGraph,
  inputs: readonly (TensorType | undefined)[],
  context: InferenceContext,
  known: KnownTensors,
): (TensorType | undefined)[] {
  const scope = tensorScope(known);
  for (const tensor of graph.initializers) scope.addConstant(tensor.name, tensor);
  for (const [index, value] of graph.inputs.entries()) scope.declare(value, inputs[index]);
  inferNodes(graph.nodes, context, scope);
  return graph.outputs.map(
    ({ name, type, shape }) => scope.typeOf(name) ?? (type && { type, shape }),
  );
}

/** A model's own operator: its body sees its inputs and nothing else. */
function inferFunction(
  node: OnnxNode,
  body: OnnxFunction,
  { functions }: InferenceContext,
  known: KnownTensors,
): (TensorType | undefined)[] {
  const scope = tensorScope({
    unknown: known.unknown,
    typeOf: () => undefined,
    valueOf: () => undefined,
  });
  for (const [index, name] of body.inputs.entries()) {
    const given = node.inputs[index];
    if (given) scope.define(name, known.typeOf(given), known.valueOf(given));
  }
  inferNodes(body.nodes, { opsets: body.opsets, functions }, scope);
  return body.outputs.map(scope.typeOf);
}
