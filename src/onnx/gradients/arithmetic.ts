// Gradients of the four operations and powers, with broadcasting undone.

import { type GradientRule, unbroadcast } from "./rule.ts";

/** d(a + b) = da + db. */
const add: GradientRule = ({ inputs }, m, dy) => inputs.map((input) => unbroadcast(m, dy, input));

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

/** Rules by operator. */
export const arithmeticGradients: Readonly<Record<string, GradientRule>> = {
  Add: add,
  Sub: sub,
  Mul: mul,
  Div: div,
};
