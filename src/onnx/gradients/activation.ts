// Gradients of the activations of neural networks: dx = f′(x) dy, in terms of x or, where that is cheaper, of y = f(x).
// Where f has a kink, the slope is PyTorch's.

import type { Algebra, Term } from "../algebra.ts";
import type { ForwardNode, GradientRule, GradientRules } from "./rule.ts";
import { unbroadcast } from "./rule.ts";

/** A rule from the derivative of the function: f′(x), given x, y and the node's attributes. */
function derivative(
  slope: (m: Algebra, x: Term, y: Term, node: ForwardNode) => Term,
): GradientRule {
  return (node, m, dy) => [m.mul(dy, slope(m, node.inputs[0], node.outputs[0], node))];
}

/** A rule for what is the identity where x > 0 and has the slope given elsewhere. */
function belowZero(
  slope: (m: Algebra, y: Term, node: ForwardNode, x: Term) => Term | number,
): GradientRule {
  return (node, m, dy) => {
    const [[x], [y]] = [node.inputs, node.outputs];
    return [m.where(m.compare("Greater", x, 0), dy, m.mul(dy, slope(m, y, node, x)))];
  };
}

/** A rule for what passes x, shifted or scaled, where a condition holds, and is flat elsewhere. */
function passes(
  condition: (m: Algebra, x: Term, y: Term, node: ForwardNode) => Term,
): GradientRule {
  return (node, m, dy) => [m.where(condition(m, node.inputs[0], node.outputs[0], node), dy, 0)];
}

/** y = x σ(αx), so y′ = σ + αy (1 − σ). */
const swish = (m: Algebra, x: Term, y: Term, alpha: number) => {
  const s = m.op("Sigmoid", [alpha === 1 ? x : m.mul(x, alpha)]);
  return m.add(s, m.mul(alpha === 1 ? y : m.mul(y, alpha), m.sub(1, s)));
};

/** y = xΦ(x), so y′ = Φ(x) + xφ(x), with the normal distribution's Φ and φ. */
const gelu = (m: Algebra, x: Term) => {
  const cumulative = m.mul(0.5, m.add(1, m.op("Erf", [m.mul(x, Math.SQRT1_2)])));
  const density = m.mul(1 / Math.sqrt(2 * Math.PI), m.exp(m.mul(-0.5, m.mul(x, x))));
  return m.add(cumulative, m.mul(x, density));
};

/** y = x (1 + tanh u) / 2 with u = c (x + 0.044715 x³), c = √(2/π): y′ = (1 + t)/2 + x (1 − t²) u′ / 2. */
const geluByTanh = (m: Algebra, x: Term) => {
  const c = Math.sqrt(2 / Math.PI);
  const square = m.mul(x, x);
  const t = m.op("Tanh", [m.mul(x, m.add(c, m.mul(c * 0.044715, square)))]);
  const slope = m.add(c, m.mul(3 * c * 0.044715, square));
  const bend = m.mul(m.mul(x, m.sub(1, m.mul(t, t))), slope);
  return m.mul(0.5, m.add(m.add(1, t), bend));
};

/** y = x tanh(softplus x) = x t, so y′ = t + x (1 − t²) σ(x). */
const mish = (m: Algebra, x: Term) => {
  const t = m.op("Tanh", [m.op("Softplus", [x])]);
  return m.add(t, m.mul(m.mul(x, m.sub(1, m.mul(t, t))), m.op("Sigmoid", [x])));
};

/** y = x h with h = min(1, max(0, x/6 + 1/2)), so y′ = h + x/6 inside; where x ≥ 3 it is 1, where x ≤ −3 it is 0. */
const hardSwish = (m: Algebra, x: Term) => {
  const h = m.op("HardSigmoid", [x], {
    alpha: { kind: "float", value: 1 / 6 },
    beta: { kind: "float", value: 0.5 },
  });
  return m.where(m.compare("Less", m.op("Abs", [x]), 3), m.add(h, m.div(x, 6)), h);
};

/** y = max(x, 0) + s min(x, 0), so dx = dy where x > 0, else s dy, and ds = min(x, 0) dy. */
const pRelu: GradientRule = ({ inputs: [x, slope], wants }, m, dy) => [
  wants(0) ? m.where(m.compare("Greater", x, 0), dy, m.mul(dy, slope)) : undefined,
  wants(1) ? unbroadcast(m, m.mul(dy, m.op("Min", [x, m.scalarLike(0, x)])), slope) : undefined,
];

/** y = min(max(x, low), high): the gradient goes to the one of the three that y is; to x where it is between. */
const clip: GradientRule = ({ inputs: [x, low, high], wants }, m, dy) => {
  const isAbove = low && m.compare("GreaterOrEqual", x, low);
  const isBelow = high && m.compare("LessOrEqual", x, high);
  const isHigh = high && m.compare("Greater", low ? m.op("Max", [x, low]) : x, high);
  const inside = (term: Term, condition: Term | undefined) =>
    condition ? m.where(condition, term, 0) : term;
  const dLow = () => {
    const reached = m.where(m.compare("Less", x, low), dy, 0);
    return m.sum(isHigh ? m.where(isHigh, 0, reached) : reached);
  };
  return [
    wants(0) ? inside(inside(dy, isAbove || undefined), isBelow || undefined) : undefined,
    low && wants(1) ? m.reshape(dLow(), m.shapeTensor(low)) : undefined,
    isHigh && wants(2) ? m.reshape(m.sum(m.where(isHigh, dy, 0)), m.shapeTensor(high)) : undefined,
  ];
};

/** γ and α of Klambauer and others: "Self-Normalizing Neural Networks", 2017, as ONNX has them. */
const SELU = { gamma: 1.0507010221481323, alpha: 1.6732631921768188 };

const selu: GradientRule = (node, m, dy) => {
  const gamma = node.float("gamma", SELU.gamma);
  const isPositive = m.compare("Greater", node.inputs[0], 0);
  const below = m.add(node.outputs[0], gamma * node.float("alpha", SELU.alpha));
  return [m.mul(dy, m.where(isPositive, gamma, below))];
};

/** Rules by operator. */
export const activationGradients: GradientRules = {
  Relu: passes((m, _, y) => m.compare("Greater", y, 0)),
  LeakyRelu: belowZero((_, __, node) => node.float("alpha", 0.01)),
  PRelu: pRelu,
  ThresholdedRelu: passes((m, x, _, node) => m.compare("Greater", x, node.float("alpha", 1))),
  Shrink: passes((m, x, _, node) =>
    m.compare("Greater", m.op("Abs", [x]), node.float("lambd", 0.5)),
  ),
  Clip: clip,
  // α eˣ = y + α
  Elu: belowZero((m, y, node) => m.add(y, node.float("alpha", 1))),
  // e^(x/α) = y/α + 1
  Celu: belowZero((m, y, node) => m.add(m.div(y, node.float("alpha", 1)), 1)),
  Selu: selu,
  Sigmoid: derivative((m, _, y) => m.mul(y, m.sub(1, y))),
  HardSigmoid: (node, m, dy) => {
    const [[y], alpha] = [node.outputs, node.float("alpha", 0.2)];
    const isInside = m.op("And", [m.compare("Greater", y, 0), m.compare("Less", y, 1)]);
    return [m.where(isInside, m.mul(dy, alpha), 0)];
  },
  Softplus: derivative((m, x) => m.op("Sigmoid", [x])),
  // y = x / (1 + |x|), so y′ = 1 / (1 + |x|)² = (1 − |y|)²
  Softsign: derivative((m, _, y) => {
    const rest = m.sub(1, m.op("Abs", [y]));
    return m.mul(rest, rest);
  }),
  Swish: derivative((m, x, y, node) => swish(m, x, y, node.float("alpha", 1))),
  HardSwish: derivative(hardSwish),
  Mish: derivative(mish),
  Gelu: derivative((m, x, _, node) =>
    node.text("approximate", "none") === "tanh" ? geluByTanh(m, x) : gelu(m, x),
  ),
};

/** Rules of ONNX Runtime's own activations by operator. */
export const microsoftActivationGradients: GradientRules = {
  Gelu: derivative(gelu),
  QuickGelu: derivative((m, x, y, node) => swish(m, x, y, node.float("alpha", 1.702))),
};
