// Gradients of reductions over axes, and of running sums.

import type { Algebra, Term } from "../algebra.ts";
import { int } from "../model.ts";
import { axisOf } from "../shapes/dimensions.ts";
import {
  axesUpTo,
  type ForwardNode,
  type GradientRule,
  type GradientRules,
  indicator,
  rankOf,
} from "./rule.ts";

/** A reduction as its rule sees it: dy and y have the reduced axes back, with length 1. */
interface Reduction {
  readonly x: Term;
  readonly y: Term;
  readonly dy: Term;
  readonly axes: readonly number[];
}

/** A rule from a formula for dx. */
function reduction(formula: (m: Algebra, reduction: Reduction) => Term): GradientRule {
  return (node, m, dy) => {
    const [[x], [y]] = [node.inputs, node.outputs];
    const axes = reducedAxes(node, m);
    const withAxes = (term: Term) => withReducedAxes(node, m, { term, axes });
    return [formula(m, { x, y: withAxes(y), dy: withAxes(dy), axes })];
  };
}

/** A tensor of the output's shape with the reduced axes back, as length 1. */
function withReducedAxes(
  node: ForwardNode,
  m: Algebra,
  { term, axes }: { term: Term; axes: readonly number[] },
): Term {
  const isThere = node.int("keepdims", 1) === 1 || axes.length === 0;
  if (isThere) return term;
  return m.op("Unsqueeze", [term, m.lengths(axes.toSorted((a, b) => a - b))]);
}

/** Positions of the axes that were reduced. */
function reducedAxes(node: ForwardNode, m: Algebra): number[] {
  const rank = rankOf(m, node.inputs[0]);
  const input = node.inputs[1];
  const given = node.ints("axes") ?? (input ? m.graph.valueOf(input) : []);
  if (!given) return node.fail("its axes must be known before the model runs");
  const none = node.int("noop_with_empty_axes", 0) === 1 ? [] : axesUpTo(rank);
  return given.length > 0 ? given.map((axis) => axisOf(Number(axis), rank)) : none;
}

/** y = Σ x: every element gets dy. */
const sum = reduction((m, { x, dy }) => m.expandLike(dy, x));

/** y = Σ x / n. */
const mean = reduction((m, { x, dy, axes }) => {
  const shape = m.graph.shapeOf(x);
  return m.expandLike(
    m.div(
      dy,
      axes.reduce((count, axis) => count * shape[axis], 1),
    ),
    x,
  );
});

/** y = max x or min x: equal ones share dy evenly, as PyTorch's amax has it. */
const extreme = reduction((m, { x, y, dy, axes }) => {
  const isTaken = m.compare("Equal", x, y);
  const count = m.sum(indicator(m, isTaken, dy), { axes, keepDims: true });
  return m.where(isTaken, m.div(dy, count), 0);
});

/** y = Π x: each element gets the product of the others, which is not 0 where it is the only 0. */
const product = reduction((m, { x, dy, axes }) => {
  const isZero = m.compare("Equal", x, 0);
  const others = m.where(isZero, 1, x);
  const nonZero = m.op("ReduceProd", [others, m.lengths(axes)]);
  const zeros = m.sum(indicator(m, isZero, dy), { axes, keepDims: true });
  const ofZero = m.where(m.compare("Equal", zeros, 1), nonZero, 0);
  const ofOther = m.where(m.compare("Equal", zeros, 0), m.div(nonZero, others), 0);
  return m.mul(
    dy,
    axes.length === 0 ? m.fill(1, m.graph.shapeOf(x), x) : m.where(isZero, ofZero, ofOther),
  );
});

/** y = √Σ x²: x / y, and 0 at y = 0. */
const norm = reduction((m, { x, y, dy }) => {
  const isZero = m.compare("Equal", y, 0);
  return m.mul(x, m.where(isZero, 0, m.div(dy, m.where(isZero, 1, y))));
});

/** y = x₁ + … + xᵢ: dx is the sum of dy from there to the end, in the other direction. */
const cumulativeSum: GradientRule = (node, m, dy) => [
  m.op("CumSum", [dy, node.inputs[1]], {
    exclusive: int(node.int("exclusive", 0)),
    reverse: int(1 - node.int("reverse", 0)),
  }),
];

/** Rules by operator. */
export const reductionGradients: GradientRules = {
  ReduceSum: sum,
  ReduceMean: mean,
  ReduceMax: extreme,
  ReduceMin: extreme,
  ReduceProd: product,
  ReduceL1: reduction((m, { x, dy }) => m.mul(m.op("Sign", [x]), dy)),
  ReduceL2: norm,
  ReduceSumSquare: reduction((m, { x, dy }) => m.mul(x, m.mul(2, dy))),
  // y = log Σ x, so dx = dy / Σ x
  ReduceLogSum: reduction((m, { x, y, dy }) => m.expandLike(m.mul(dy, m.exp(m.neg(y))), x)),
  // y = log Σ eˣ, so dx = eˣ⁻ʸ dy
  ReduceLogSumExp: reduction((m, { x, y, dy }) => m.mul(m.exp(m.sub(x, y)), dy)),
  CumSum: cumulativeSum,
};
