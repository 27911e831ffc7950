// Gradients of the elementary functions of one element: dx = f′(x) dy, in terms of x or, where that is cheaper, of
// y = f(x). Derivatives: Abramowitz, Stegun: "Handbook of Mathematical Functions", sections 3.3, 4.2–4.6, 7.1.

import type { Algebra, Term } from "../algebra.ts";
import type { GradientRule, GradientRules } from "./rule.ts";

/** A rule from the derivative of the function: f′(x), given x and y. */
function times(slope: (m: Algebra, x: Term, y: Term) => Term): GradientRule {
  return ({ inputs: [x], outputs: [y] }, m, dy) => [m.mul(dy, slope(m, x, y))];
}

/** A rule from the reciprocal of the derivative: 1 / f′(x). */
function over(inverseSlope: (m: Algebra, x: Term, y: Term) => Term): GradientRule {
  return ({ inputs: [x], outputs: [y] }, m, dy) => [m.div(dy, inverseSlope(m, x, y))];
}

const square = (m: Algebra, a: Term) => m.mul(a, a);

/** Rules by operator. */
export const elementaryGradients: GradientRules = {
  Identity: (_, __, dy) => [dy],
  Neg: (_, m, dy) => [m.neg(dy)],
  // The slope at 0 is taken to be 0, as PyTorch does.
  Abs: times((m, x) => m.op("Sign", [x])),
  Reciprocal: times((m, _, y) => m.neg(square(m, y))),
  Exp: times((_, __, y) => y),
  Log: over((_, x) => x),
  Sqrt: over((m, _, y) => m.mul(2, y)),
  Erf: times((m, x) => m.mul(2 / Math.sqrt(Math.PI), m.exp(m.neg(square(m, x))))),
  Sin: times((m, x) => m.op("Cos", [x])),
  Cos: times((m, x) => m.neg(m.op("Sin", [x]))),
  Tan: times((m, _, y) => m.add(1, square(m, y))),
  Asin: over((m, x) => m.sqrt(m.sub(1, square(m, x)))),
  Acos: over((m, x) => m.neg(m.sqrt(m.sub(1, square(m, x))))),
  Atan: over((m, x) => m.add(1, square(m, x))),
  Sinh: times((m, x) => m.op("Cosh", [x])),
  Cosh: times((m, x) => m.op("Sinh", [x])),
  Tanh: times((m, _, y) => m.sub(1, square(m, y))),
  Asinh: over((m, x) => m.sqrt(m.add(square(m, x), 1))),
  Acosh: over((m, x) => m.sqrt(m.sub(square(m, x), 1))),
  Atanh: over((m, x) => m.sub(1, square(m, x))),
};
