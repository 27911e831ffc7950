// Gradients of reductions over axes.

import type { Algebra, Term } from "../algebra.ts";
import { axisOf } from "../shapes/dimensions.ts";
import type { ForwardNode, GradientRule } from "./rule.ts";

/** y = Σ x: every element gets dy. */
const sum: GradientRule = (node, m, dy) => [
  m.expandLike(withReducedAxes(node, m, dy), node.inputs[0]),
];

/** y = Σ x / n. */
const mean: GradientRule = (node, m, dy) => {
  const shape = m.graph.shapeOf(node.inputs[0]);
  const count = reducedAxes(node, m).reduce((product, axis) => product * shape[axis], 1);
  return [m.expandLike(m.div(withReducedAxes(node, m, dy), count), node.inputs[0])];
};

/** A tensor of the output's shape with the reduced axes back, as length 1. */
function withReducedAxes(node: ForwardNode, m: Algebra, term: Term): Term {
  if (node.int("keepdims", 1) === 1) return term;
  const shape = m.graph.shapeOf(node.inputs[0]);
  const reduced = new Set(reducedAxes(node, m));
  return m.reshape(
    term,
    shape.map((length, axis) => (reduced.has(axis) ? 1 : length)),
  );
}

/** Positions of the axes that were reduced. */
function reducedAxes(node: ForwardNode, m: Algebra): number[] {
  const rank = m.graph.shapeOf(node.inputs[0]).length;
  const given = node.ints("axes") ?? (node.inputs[1] ? m.graph.valueOf(node.inputs[1]) : undefined);
  const none =
    node.int("noop_with_empty_axes", 0) === 1
      ? []
      : Array.from({ length: rank }, (_, axis) => axis);
  return given?.length ? given.map((axis) => axisOf(Number(axis), rank)) : none;
}

/** Rules by operator. */
export const reductionGradients: Readonly<Record<string, GradientRule>> = {
  ReduceSum: sum,
  ReduceMean: mean,
};
