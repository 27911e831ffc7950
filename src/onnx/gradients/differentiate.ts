// Reverse-mode differentiation as a rewrite: gradient nodes are added to the graph that holds the forward nodes.
// Griewank, Walther: "Evaluating Derivatives", 2nd ed., section 3.2.

import { RoentgenError } from "../../base/index.ts";
import { type Algebra, algebraOf, type Term } from "../algebra.ts";
import { readAttributes } from "../attributes.ts";
import type { GraphBuilder } from "../builder.ts";
import type { OnnxNode } from "../model.ts";
import { recomputing } from "./recompute.ts";
import type { Formula, ForwardNode } from "./rule.ts";
import { gradientRules } from "./rules.ts";

export interface DifferentiateOptions {
  /** Name of the tensor that is differentiated; its elements are summed where it has several. */
  of: Term;
  /** Names of inputs, constants or tensors in between whose gradients are wanted. */
  by: readonly Term[];
  /**
   * Names of tensors in between that stay in memory from forward to backward. Where given, all others are computed
   * again from these when the gradients need them, which takes less memory and up to one more forward pass of time.
   */
  checkpoints?: readonly Term[];
}

/**
 * Adds the nodes that compute ∂of/∂by, and returns the gradients' names by those of `by`. What the loss does not
 * depend on is left out.
 * @throws RoentgenError "format-unsupported" that names operator and node, where one between them has no gradient rule
 */
export function differentiate(
  graph: GraphBuilder,
  { of, by, checkpoints }: DifferentiateOptions,
): Record<Term, Term> {
  const nodes = [...graph.nodes];
  const seed = algebraOf(graph);
  const reached = dependentsOf(graph, nodes, by);
  const parts = new Map<Term, Term[]>();
  if (reached.has(of)) parts.set(of, [seed.expandLike(seed.scalarLike(1, of), of)]);
  const recomputation = checkpoints && recomputing(graph, { nodes, checkpoints });
  const m = recomputation ? algebraOf(recomputation.graph) : seed;
  sweep(m, nodes, { reached, parts, enter: recomputation?.enter });
  const wanted = by.filter((name) => parts.has(name));
  return Object.fromEntries(wanted.map((name) => [name, total(m, parts, name)]));
}

/** What has been worked out so far. */
interface Progress {
  /** Tensors that depend on what is differentiated by. */
  readonly reached: ReadonlySet<Term>;
  /** Contributions to the gradient of each tensor. */
  readonly parts: Map<Term, Term[]>;
  /** Called before a node's gradients are added, with the gradient of one of its outputs. */
  readonly enter?: (node: OnnxNode, gradient: Term) => void;
}

/** All tensors that depend on the given ones, themselves included, as far as they are of a differentiable type. */
function dependentsOf(
  graph: GraphBuilder,
  nodes: readonly OnnxNode[],
  by: readonly Term[],
): Set<Term> {
  const reached = new Set(by);
  for (const { inputs, outputs } of nodes) {
    if (!inputs.some((name) => reached.has(name))) continue;
    for (const name of outputs) if (isReal(graph, name)) reached.add(name);
  }
  reached.delete("");
  return reached;
}

function isReal(graph: GraphBuilder, name: Term): boolean {
  const type = graph.typeOf(name)?.type;
  return type === undefined || /^b?float/.test(type);
}

/** Goes through the nodes from the last to the first. */
function sweep(m: Algebra, nodes: readonly OnnxNode[], progress: Progress): void {
  const { reached, parts } = progress;
  for (const node of nodes.toReversed()) {
    const isBetween = node.inputs.some((name) => reached.has(name));
    if (isBetween && node.outputs.some((name) => parts.has(name))) addGradients(m, node, progress);
  }
}

/** Adds what one node contributes to the gradients of its inputs. */
function addGradients(m: Algebra, node: OnnxNode, { reached, parts, enter }: Progress): void {
  const gradients = node.outputs.map((name) =>
    parts.has(name) ? total(m, parts, name) : undefined,
  );
  const dy = gradients.find((name) => name !== undefined) as Term;
  enter?.(node, dy);
  const forward: ForwardNode = {
    ...readAttributes(node),
    operator: node.operator,
    name: node.name,
    inputs: node.inputs,
    outputs: node.outputs,
    gradient: (output) => gradients[output],
    wants: (input) => reached.has(node.inputs[input]),
    output: (index) =>
      node.outputs[index] || m.graph.extraOutput(node.outputs.find(Boolean) as Term, index),
    through: (formula) => pullBack(m, forward, formula),
    fail: (problem) => {
      throw noGradient(node, problem);
    },
  };
  const rule = gradientRules(node);
  if (!rule) throw noGradient(node, "the operator has no gradient rule");
  for (const [index, gradient] of rule(forward, m, dy).entries()) {
    const name = node.inputs[index];
    if (!gradient || !reached.has(name)) continue;
    parts.set(name, [...(parts.get(name) ?? []), gradient]);
  }
}

/** The chain rule through the nodes that a formula adds; each wanted input is told apart by a name of its own. */
function pullBack(m: Algebra, node: ForwardNode, formula: Formula): (Term | undefined)[] {
  const inputs = node.inputs.map((name, index) =>
    node.wants(index) ? m.op("Identity", [name]) : name,
  );
  const start = m.graph.nodes.length;
  const results = [formula({ ...node, inputs }, m, inputs[0])].flat();
  const nodes = m.graph.nodes.slice(start);
  const parts = new Map<Term, Term[]>();
  for (const [index, result] of results.entries()) {
    const gradient = node.gradient(index);
    if (!gradient) continue;
    if (!result) node.fail(`output ${index} has no gradient`);
    parts.set(result, [...(parts.get(result) ?? []), gradient]);
  }
  const wanted = inputs.filter((_, index) => node.wants(index));
  sweep(m, nodes, { reached: dependentsOf(m.graph, nodes, wanted), parts });
  return inputs.map((name) => (parts.has(name) ? total(m, parts, name) : undefined));
}

/** The sum of all contributions to a tensor's gradient. */
function total(m: Algebra, parts: Map<Term, Term[]>, name: Term): Term {
  const terms = parts.get(name) ?? [];
  if (terms.length < 2) return terms[0];
  const sum = m.op("Sum", terms);
  parts.set(name, [sum]);
  return sum;
}

function noGradient(node: OnnxNode, problem: string): RoentgenError {
  const operator = node.domain ? `${node.domain}.${node.operator}` : node.operator;
  return new RoentgenError("format-unsupported", {
    problem: `Cannot differentiate through ${operator} (node "${node.name}"): ${problem}`,
    remedy: "Freeze what lies before it, or cut the model after it.",
    subject: node.name,
  });
}
