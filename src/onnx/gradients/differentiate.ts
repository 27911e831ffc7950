// Reverse-mode differentiation as a rewrite: gradient nodes are added to the graph that holds the forward nodes.
// Griewank, Walther: "Evaluating Derivatives", 2nd ed., section 3.2.

import { RoentgenError } from "../../base/index.ts";
import { type Algebra, algebraOf, type Term } from "../algebra.ts";
import { readAttributes } from "../attributes.ts";
import type { GraphBuilder } from "../builder.ts";
import type { OnnxNode } from "../model.ts";
import type { ForwardNode } from "./rule.ts";
import { gradientRules } from "./rules.ts";

export interface DifferentiateOptions {
  /** Name of the tensor that is differentiated; its elements are summed where it has several. */
  of: Term;
  /** Names of inputs, constants or tensors in between whose gradients are wanted. */
  by: readonly Term[];
}

/**
 * Adds the nodes that compute ∂of/∂by, and returns the gradients' names by those of `by`. What the loss does not
 * depend on is left out.
 * @throws RoentgenError "format-unsupported" that names operator and node, where one between them has no gradient rule
 */
export function differentiate(
  graph: GraphBuilder,
  { of, by }: DifferentiateOptions,
): Record<Term, Term> {
  const m = algebraOf(graph);
  const nodes = [...graph.nodes];
  const reached = dependentsOf(nodes, by);
  const parts = new Map<Term, Term[]>();
  if (reached.has(of)) parts.set(of, [m.expandLike(m.scalarLike(1, of), of)]);
  for (let at = nodes.length - 1; at >= 0; at--) {
    const node = nodes[at];
    const isBetween = node.inputs.some((name) => reached.has(name));
    if (isBetween && node.outputs.some((name) => parts.has(name))) {
      addGradients(m, node, { reached, parts });
    }
  }
  const wanted = by.filter((name) => parts.has(name));
  return Object.fromEntries(wanted.map((name) => [name, total(m, parts, name)]));
}

/** What has been worked out so far. */
interface Progress {
  /** Tensors that depend on what is differentiated by. */
  readonly reached: ReadonlySet<Term>;
  /** Contributions to the gradient of each tensor. */
  readonly parts: Map<Term, Term[]>;
}

/** All tensors that depend on the given ones, themselves included. */
function dependentsOf(nodes: readonly OnnxNode[], by: readonly Term[]): Set<Term> {
  const reached = new Set(by);
  for (const { inputs, outputs } of nodes) {
    if (inputs.some((name) => reached.has(name))) for (const name of outputs) reached.add(name);
  }
  reached.delete("");
  return reached;
}

/** Adds what one node contributes to the gradients of its inputs. */
function addGradients(m: Algebra, node: OnnxNode, { reached, parts }: Progress): void {
  const gradients = node.outputs.map((name) =>
    parts.has(name) ? total(m, parts, name) : undefined,
  );
  const forward: ForwardNode = {
    ...readAttributes(node),
    operator: node.operator,
    name: node.name,
    inputs: node.inputs,
    outputs: node.outputs,
    gradient: (output) => gradients[output],
    wants: (input) => reached.has(node.inputs[input]),
    fail: (problem) => {
      throw noGradient(node, problem);
    },
  };
  const rule = gradientRules(node);
  if (!rule) throw noGradient(node, "the operator has no gradient rule");
  const results = rule(forward, m, gradients.find((name) => name !== undefined) as Term);
  for (const [index, gradient] of results.entries()) {
    const name = node.inputs[index];
    if (!gradient || !reached.has(name)) continue;
    parts.set(name, [...(parts.get(name) ?? []), gradient]);
  }
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
