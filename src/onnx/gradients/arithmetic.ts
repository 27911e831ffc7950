// Gradients of arithmetic on several tensors, with broadcasting undone.

import type { Algebra, Term } from "../algebra.ts";
import { type GradientRule, type GradientRules, indicator, unbroadcast } from "./rule.ts";

/** y = a + b + …: every input gets dy. */
const sum: GradientRule = ({ inputs, wants }, m, dy) =>
  inputs.map((input, index) => (wants(index) ? unbroadcast(m, dy, input) : undefined));

/** y = (a + b + …) / n. */
const mean: GradientRule = (node, m, dy) =>
  sum(node, m, node.inputs.length === 1 ? dy : m.div(dy, node.inputs.length));

/** d(a − b) = da − db. */
const sub: GradientRule = ({ inputs: [a, b], wants }, m, dy) => [
  wants(0) ? unbroadcast(m, dy, a) : undefined,
  wants(1) ? m.neg(unbroadcast(m, dy, b)) : undefined,
];

/** d(a b) = b da + a db. */
const mul: GradientRule = ({ inputs: [a, b], wants }, m, dy) => [
  wants(0) ? unbroadcast(m, m.mul(dy, b), a) : undefined,
  wants(1) ? unbroadcast(m, m.mul(dy, a), b) : undefined,
];

/** d(a / b) = da / b − (a / b) db / b. */
const div: GradientRule = ({ inputs: [a, b], outputs: [y], wants }, m, dy) => {
  const da = m.div(dy, b);
  return [
    wants(0) ? unbroadcast(m, da, a) : undefined,
    wants(1) ? unbroadcast(m, m.neg(m.mul(da, y)), b) : undefined,
  ];
};

/** y = aᵇ: da = b aᵇ⁻¹ dy, which is 0 where b = 0 for every a; db = y log a dy, which is 0 where a = 0 and b ≥ 0. */
const pow: GradientRule = ({ inputs: [a, exponent], outputs: [y], wants }, m, dy) => {
  const b = m.castLike(exponent, a);
  return [
    wants(0) ? unbroadcast(m, m.mul(dy, powerSlope(m, a, b, exponent)), a) : undefined,
    wants(1) ? unbroadcast(m, m.mul(dy, m.mul(y, logOfBase(m, a, b))), exponent) : undefined,
  ];
};

function powerSlope(m: Algebra, a: Term, b: Term, exponent: Term): Term {
  const constant = m.graph.constantOf(exponent)?.data;
  const known = constant?.length === 1 ? Number(constant[0]) : undefined;
  if (known === 2) return m.mul(2, a);
  if (known === 3) return m.mul(3, m.mul(a, a));
  const slope = m.mul(b, m.pow(a, m.sub(b, 1)));
  return known ? slope : m.where(m.compare("Equal", b, 0), 0, slope);
}

function logOfBase(m: Algebra, a: Term, b: Term): Term {
  const isZero = m.op("And", [m.compare("Equal", a, 0), m.compare("GreaterOrEqual", b, 0)]);
  return m.log(m.where(isZero, 1, a));
}

/** y = a − b q with q whole: da = dy, db = −q dy, q = (a − y) / b rounded to what it was. */
const mod: GradientRule = ({ inputs: [a, b], outputs: [y], wants }, m, dy) => {
  const quotient = () => m.op("Round", [m.div(m.sub(a, y), b)]);
  return [
    wants(0) ? unbroadcast(m, dy, a) : undefined,
    wants(1) ? unbroadcast(m, m.neg(m.mul(dy, quotient())), b) : undefined,
  ];
};

/** y = max(a, b, …) or min: dy goes to the input that y is; equal ones share it evenly, as PyTorch has it. */
const extreme: GradientRule = ({ inputs, outputs: [y], wants }, m, dy) => {
  if (inputs.length === 1) return [dy];
  const isTaken = inputs.map((input) => m.compare("Equal", input, y));
  const count = m.op(
    "Sum",
    isTaken.map((condition) => indicator(m, condition, dy)),
  );
  const share = m.div(dy, count);
  return inputs.map((input, index) =>
    wants(index) ? unbroadcast(m, m.where(isTaken[index], share, 0), input) : undefined,
  );
};

/** y = a where the condition holds, else b. */
const where: GradientRule = ({ inputs: [condition, a, b], wants }, m, dy) => [
  undefined,
  wants(1) ? unbroadcast(m, m.where(condition, dy, 0), a) : undefined,
  wants(2) ? unbroadcast(m, m.where(condition, 0, dy), b) : undefined,
];

/** Cast, CastLike: back to the type of the input. */
const cast: GradientRule = ({ inputs: [x] }, m, dy) => [m.castLike(dy, x)];

/** Range: yᵢ = start + i delta, so dstart = Σ dy and ddelta = Σ i dy. */
const range: GradientRule = ({ wants }, m, dy) => {
  const zero = m.lengths([0]);
  const [start, step] = [0, 1].map((value) => m.scalarLike(value, zero));
  const steps = () => m.castLike(m.op("Range", [start, m.op("Size", [dy]), step]), dy);
  return [
    wants(0) ? m.sum(dy) : undefined,
    undefined,
    wants(2) ? m.sum(m.mul(dy, steps())) : undefined,
  ];
};

/** Rules by operator. */
export const arithmeticGradients: GradientRules = {
  Add: sum,
  Sum: sum,
  Mean: mean,
  Sub: sub,
  Mul: mul,
  Div: div,
  Pow: pow,
  Mod: mod,
  Max: extreme,
  Min: extreme,
  Where: where,
  Range: range,
  Cast: cast,
  CastLike: cast,
};
