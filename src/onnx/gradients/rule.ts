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

/** Sums a gradient over the axes along which its tensor was broadcast, so that it has the tensor's shape again. */
export function unbroadcast(m: Algebra, gradient: Term, like: Term): Term {
  const [from, to] = [m.graph.shapeOf(gradient), m.graph.shapeOf(like)];
  const extra = from.length - to.length;
  const axes = from.flatMap((length, axis) =>
    axis < extra || (to[axis - extra] === 1 && length !== 1) ? [axis] : [],
  );
  const summed = m.sum(gradient, { axes, keepDims: extra === 0 });
  const isThere = axes.length === 0 || extra === 0 || axes.length === extra;
  return isThere ? summed : m.reshape(summed, to);
}
