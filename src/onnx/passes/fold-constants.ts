// Works out beforehand what is the same in every run: nodes on constants, shapes that are known, branches that are taken.

import { elementCount, RoentgenError } from "../../base/index.ts";
import { evaluateNode } from "../evaluation/evaluate.ts";
import { onnxTensor } from "../evaluation/plain-tensor.ts";
import type { OnnxGraph, OnnxModel, OnnxNode, OnnxTensor } from "../model.ts";
import { lengthsOf } from "../shapes/dimensions.ts";
import { type FreshNames, freshNames } from "./fresh-names.ts";
import { type InlinedBranch, inlineBranch } from "./inline-branch.ts";
import { type ModelScope, modelScope } from "./model-scope.ts";
import { removeDeadCode } from "./remove-dead-code.ts";
import { mapSubgraphs, subgraphsOf } from "./subgraphs.ts";
import { unrollLoop } from "./unroll-loop.ts";

export interface FoldConstantsOptions {
  /** Tensors of more elements are not made, nor are nodes on them worked out. */
  largest?: number;
  /** Nodes that a Loop or Scan of a known number of rounds may become; by default they stay. */
  unroll?: number;
}

/** Operators that give something else in every run. */
const RANDOM = new Set(
  "Bernoulli Dropout Multinomial RandomNormal RandomNormalLike RandomUniform RandomUniformLike".split(
    " ",
  ),
);

/** Operators that a file has for its size: folded, quantised weights would take four times as much. */
const COMPACT = new Set(["DequantizeLinear"]);

/** Integers beyond are not exact in the evaluator's float64. */
const LARGEST_EXACT = BigInt(Number.MAX_SAFE_INTEGER);

/** The model with constants in place of nodes whose result is known; what they needed alone goes. */
export function foldConstants(
  model: OnnxModel,
  { largest = 2 ** 20, unroll = 0 }: FoldConstantsOptions = {},
): OnnxModel {
  const opset = model.opsets[""] ?? 1;
  const fresh = freshNames(model.graph);
  const scope = modelScope(model);
  const graph = foldGraph(model.graph, { scope, opset, largest, unroll, fresh });
  return removeDeadCode({ ...model, graph });
}

interface Folding {
  readonly scope: ModelScope;
  readonly opset: number;
  readonly largest: number;
  readonly unroll: number;
  readonly fresh: FreshNames;
}

function foldGraph(graph: OnnxGraph, folding: Folding): OnnxGraph {
  const { scope } = folding;
  const wanted = new Set(graph.outputs.map(({ name }) => name));
  const initializers = [...graph.initializers];
  const nodes: OnnxNode[] = [];

  function addNode(node: OnnxNode): void {
    scope.learn(node, folding.opset);
    const branch = takenBranch(node, scope);
    const taken = branch
      ? inlineBranch(node, branch, folding.fresh)
      : unrollLoop(node, { ...folding, mostNodes: folding.unroll });
    if (taken) addInlined(taken);
    else addOther(node);
  }

  function addOther(node: OnnxNode): void {
    // A graph's output stays the output of a node: not every runtime gives out constants.
    const results = node.outputs.some((name) => wanted.has(name)) ? undefined : fold(node, folding);
    for (const [name, tensor] of results ?? []) {
      scope.learnConstant(name, tensor);
      initializers.push({ ...tensor, name });
    }
    if (!results) nodes.push(mapSubgraphs(node, foldInner));
  }

  function addInlined(taken: InlinedBranch): void {
    for (const tensor of taken.initializers) scope.learnConstant(tensor.name, tensor);
    initializers.push(...taken.initializers);
    for (const inner of taken.nodes) addNode(inner);
  }

  function foldInner(inside: OnnxGraph): OnnxGraph {
    return foldGraph(inside, { ...folding, scope: scope.inner(inside) });
  }

  for (const node of graph.nodes) addNode(node);
  return { ...graph, initializers, nodes };
}

/** The branch of an If whose condition is the same in every run. */
function takenBranch(node: OnnxNode, { constantOf }: ModelScope): OnnxGraph | undefined {
  if (node.operator !== "If" || node.domain !== "") return undefined;
  const condition = constantOf(node.inputs[0]);
  if (!condition) return undefined;
  const branch = node.attributes[condition.data[0] ? "then_branch" : "else_branch"];
  return branch?.kind === "graph" ? branch.value : undefined;
}

/** The results of a node by name, where they are known. */
function fold(node: OnnxNode, folding: Folding): Map<string, OnnxTensor> | undefined {
  const isFolded = node.domain === "" && !RANDOM.has(node.operator) && !COMPACT.has(node.operator);
  if (!isFolded || subgraphsOf(node).length > 0) return undefined;
  return shapeOf(node, folding) ?? evaluated(node, folding);
}

/** Small integers that shape inference knows, such as the shape of an input with fixed lengths. */
function shapeOf(node: OnnxNode, { scope }: Folding): Map<string, OnnxTensor> | undefined {
  const [name, ...others] = node.outputs;
  const value = scope.valueOf(name);
  const type = scope.typeOf(name);
  const shape = type?.shape as readonly number[] | undefined;
  if (others.length > 0 || type?.type !== "int64" || !shape) return undefined;
  if (!value?.every((one) => Number.isSafeInteger(one))) return undefined;
  if (elementCount(shape) !== value.length) return undefined;
  const data = BigInt64Array.from(value as number[], BigInt);
  return new Map([[name, { type: "int64", shape, data }]]);
}

function evaluated(node: OnnxNode, folding: Folding): Map<string, OnnxTensor> | undefined {
  const { scope, opset } = folding;
  const inputs = node.inputs.map((name) => (name ? scope.constantOf(name) : undefined));
  const isConstant = inputs.every((tensor, at) => {
    if (node.inputs[at] === "") return true;
    // Bounds of a slice saturate: the largest int64 stands for the end.
    const isBound = node.operator === "Slice" && at > 0;
    return tensor && tensor.data.length <= folding.largest && (isBound || isExact(tensor));
  });
  const outputs = node.outputs.filter(Boolean);
  // The size has to be known before: a few bytes can ask for any number of them.
  const isSmall = outputs.every((name) => isKnownSmall(name, node, folding));
  if (!isConstant || !isSmall) return undefined;
  try {
    const results = evaluateNode(node, inputs, { opset });
    const named = node.outputs.map((name, at) => [name, results[at]] as const);
    const wanted = named.filter(([name]) => name !== "");
    if (wanted.some(([, result]) => !result || !("type" in result))) return undefined;
    return new Map(wanted.map(([name, result]) => [name, onnxTensor(result as never)]));
  } catch (error) {
    // No rule for the operator, or a node that fails when it runs: it stays.
    if (error instanceof RoentgenError) return undefined;
    throw error;
  }
}

/** Whether float64 holds every element. */
function isExact({ data }: OnnxTensor): boolean {
  const isWide = data instanceof BigInt64Array || data instanceof BigUint64Array;
  return !isWide || data.every((one) => one <= LARGEST_EXACT && one >= -LARGEST_EXACT);
}

function isKnownSmall(name: string, { operator }: OnnxNode, { scope, largest }: Folding): boolean {
  if (operator === "Constant") return true;
  const lengths = lengthsOf(scope.typeOf(name)?.shape);
  return lengths !== undefined && elementCount(lengths) <= largest;
}
