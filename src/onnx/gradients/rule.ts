// What a rule of differentiation sees of a node, and what it answers.

import type { Algebra, Term } from "../algebra.ts";
import type { AttributeReader } from "../attributes.ts";

/** A node of the forward graph whose inputs' gradients are asked for. */
export interface ForwardNode extends AttributeReader {
  readonly operator: string;
  readonly name: string;
  /** Names of the inputs; "" where an optional one is left out. */
  readonly inputs: readonly Term[];
  readonly outputs: readonly Term[];
  /** The gradient of an output; undefined where the loss does not depend on it. */
  gradient(output: number): Term | undefined;
  /** Whether the gradient of an input is wanted; a rule may leave out the others. */
  wants(input: number): boolean;
  /** The name of an output, asked for now where the node leaves it out so far. */
  output(index: number): Term;
  /** The gradients of the inputs through `formula`, which builds the outputs again from other operators. */
  through(formula: Formula): readonly (Term | undefined)[];
  /** Reports what the rule can't do with this node. */
  fail(problem: string): never;
}

/**
 * Gradients of the inputs, in order, in terms of those of the outputs (reverse mode: with y = f(x) and the loss L,
 * ∂L/∂x = Jᵀ ∂L/∂y). undefined where an input gets none. A rule runs only where at least one output has a gradient;
 * rules of operators with one output find it in `dy`.
 */
export type GradientRule = (
  node: ForwardNode,
  m: Algebra,
  dy: Term,
) => readonly (Term | undefined)[];

/** An operator in terms of others: its outputs, as far as they are differentiable. */
export type Formula = (
  node: ForwardNode,
  m: Algebra,
  x: Term,
) => Term | readonly (Term | undefined)[];

/** Rules by operator. */
export type GradientRules = Readonly<Record<string, GradientRule>>;

/** The rule of an operator that is a composition of others: the chain rule through its formula. */
export function composed(formula: Formula): GradientRule {
  return (node) => node.through(formula);
}

/** Sums a gradient over the axes along which its tensor was broadcast, so that it has the tensor's shape again. */
export function unbroadcast(m: Algebra, gradient: Term, like: Term): Term {
  const [from, to] = [gradient, like].map(
    (name) => m.graph.typeOf(name)?.shape ?? m.graph.shapeOf(name),
  );
  const extra = from.length - to.length;
  const axes = from.flatMap((length, axis) =>
    axis < extra || (to[axis - extra] === 1 && length !== 1) ? [axis] : [],
  );
  const summed = m.sum(gradient, { axes, keepDims: extra === 0 });
  const isThere = axes.length === 0 || extra === 0 || axes.length === extra;
  return isThere ? summed : m.reshape(summed, m.shapeTensor(like));
}

/** 0, 1, … `rank` − 1. */
export function axesUpTo(rank: number): number[] {
  return Array.from({ length: rank }, (_, axis) => axis);
}

/** Number of axes of a tensor. */
export function rankOf(m: Algebra, term: Term): number {
  return (m.graph.typeOf(term)?.shape ?? m.graph.shapeOf(term)).length;
}

/** Number of elements of a shape. */
export function countOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** 1 where a condition holds, else 0, in the element type of another tensor. */
export function indicator(m: Algebra, condition: Term, like: Term): Term {
  return m.op("CastLike", [condition, like]);
}
