// Gradients of functions of one element: dL/dx = f′(x) dL/dy, in terms of x or, where that is cheaper, of y = f(x).

import type { Algebra, Term } from "../algebra.ts";
import type { ForwardNode, GradientRule } from "./rule.ts";

/** A rule from the derivative of the function: f′(x), given x, y and the node's attributes. */
function derivative(
  slope: (m: Algebra, x: Term, y: Term, node: ForwardNode) => Term,
): GradientRule {
  return (node, m, dy) => [m.mul(dy, slope(m, node.inputs[0], node.outputs[0], node))];
}

/** Relu: the gradient passes where y > 0, nothing at 0. */
const relu: GradientRule = ({ outputs: [y] }, m, dy) => [
  m.where(m.compare("Greater", y, 0), dy, 0),
];

/** Rules by operator. */
export const activationGradients: Readonly<Record<string, GradientRule>> = {
  Relu: relu,
  Sigmoid: derivative((m, _, y) => m.mul(y, m.sub(1, y))),
  Tanh: derivative((m, _, y) => m.sub(1, m.mul(y, y))),
  Exp: (node, m, dy) => [m.mul(dy, node.outputs[0])],
  Log: (node, m, dy) => [m.div(dy, node.inputs[0])],
  Sqrt: (node, m, dy) => [m.div(dy, m.mul(2, node.outputs[0]))],
  Neg: (_, m, dy) => [m.neg(dy)],
  Softplus: derivative((m, x) => m.op("Sigmoid", [x])),
  Identity: (_, __, dy) => [dy],
};
