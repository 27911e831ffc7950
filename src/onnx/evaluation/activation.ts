// Evaluation of activations: functions of one number with parameters from attributes.

import { isInteger, type Numbers } from "./plain-tensor.ts";
import { expanded, mapLines } from "./positions.ts";
import type { EvaluatedNode, EvaluationRule, EvaluationRules } from "./rule.ts";

/** A function that the node's attributes give. */
function activation(prepare: (node: EvaluatedNode) => (x: number) => number): EvaluationRule {
  return (node) => {
    const x = node.input(0);
    const compute = prepare(node);
    return [{ ...x, data: x.data.map((value) => compute(value)) }];
  };
}

export const sigmoid = (x: number) =>
  x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));

/** ln(1 + eˣ), without overflow. */
const softplus = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** erf z = 2/√π e^(−z²) Σ 2ⁿ z^(2n+1) / (1·3·…·(2n+1)) (Abramowitz, Stegun 7.1.6); beyond 6 it is 1 in float64. */
function erf(z: number): number {
  if (Math.abs(z) > 6) return Math.sign(z);
  let term = z;
  let sum = z;
  for (let n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
    term *= (2 * z * z) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-z * z) * sum;
}

/** Gelu: x Φ(x), or the approximation by tanh (Hendrycks, Gimpel 2016). */
function gelu(x: number, approximation: string): number {
  if (approximation !== "tanh") return 0.5 * x * (1 + erf(x / Math.SQRT2));
  return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
}

/** PRelu: the slope of negative numbers broadcasts. */
const prelu: EvaluationRule = (node) => {
  const x = node.input(0);
  const slope = expanded(node.input(1), x.shape).data;
  return [{ ...x, data: x.data.map((value, at) => (value < 0 ? value * slope[at] : value)) }];
};

/** Clip: bounds are inputs since opset 11, attributes before. */
const clip: EvaluationRule = (node) => {
  const x = node.input(0);
  const low = node.optional(1)?.data[0] ?? node.float("min", -Infinity);
  const high = node.optional(2)?.data[0] ?? node.float("max", Infinity);
  return [{ ...x, data: x.data.map((value) => Math.min(Math.max(value, low), high)) }];
};

/** Axes that Softmax works along: one since opset 13, before that all from `axis` on. */
function softmaxAxes(node: EvaluatedNode, { shape }: Numbers): number[] {
  const given = node.int("axis", node.opset >= 13 ? -1 : 1);
  const first = given < 0 ? given + shape.length : given;
  const all = shape.map((_, axis) => axis);
  return node.opset >= 13 ? [first] : all.slice(first);
}

/** A rule over the lines that Softmax and its like work on. */
function alongAxis(map: (line: Float64Array) => ArrayLike<number>): EvaluationRule {
  return (node) => {
    const x = node.input(0);
    return [mapLines(x, softmaxAxes(node, x), map)];
  };
}

export function softmaxLine(line: Float64Array): Float64Array {
  const highest = line.reduce((most, x) => Math.max(most, x), -Infinity);
  const powers = line.map((x) => Math.exp(x - highest));
  const sum = powers.reduce((total, x) => total + x, 0);
  return powers.map((x) => x / sum);
}

export function logSoftmaxLine(line: Float64Array): Float64Array {
  const highest = line.reduce((most, x) => Math.max(most, x), -Infinity);
  const sum = line.reduce((total, x) => total + Math.exp(x - highest), 0);
  return line.map((x) => x - highest - Math.log(sum));
}

function hardmaxLine(line: Float64Array): Float64Array {
  const highest = line.reduce((most, x) => Math.max(most, x), -Infinity);
  const first = line.indexOf(highest);
  return line.map((_, at) => Number(at === first));
}

/** Rules by operator. */
export const activationRules: EvaluationRules = {
  Relu: activation(() => (x) => Math.max(x, 0)),
  Sigmoid: activation(() => sigmoid),
  Softplus: activation(() => softplus),
  Softsign: activation(() => (x) => x / (1 + Math.abs(x))),
  Erf: activation(() => erf),
  Gelu: activation((node) => {
    const approximation = node.text("approximate", "none");
    return (x) => gelu(x, approximation);
  }),
  HardSigmoid: activation((node) => {
    const [alpha, beta] = [node.float("alpha", 0.2), node.float("beta", 0.5)];
    return (x) => Math.min(Math.max(alpha * x + beta, 0), 1);
  }),
  HardSwish: activation(() => (x) => x * Math.min(Math.max(x / 6 + 0.5, 0), 1)),
  Swish: activation((node) => {
    const alpha = node.float("alpha", 1);
    return (x) => x * sigmoid(alpha * x);
  }),
  Mish: activation(() => (x) => x * Math.tanh(softplus(x))),
  LeakyRelu: activation((node) => {
    const alpha = node.float("alpha", 0.01);
    return (x) => (x < 0 ? alpha * x : x);
  }),
  ThresholdedRelu: activation((node) => {
    const alpha = node.float("alpha", 1);
    return (x) => (x > alpha ? x : 0);
  }),
  Elu: activation((node) => {
    const alpha = node.float("alpha", 1);
    return (x) => (x < 0 ? alpha * Math.expm1(x) : x);
  }),
  Celu: activation((node) => {
    const alpha = node.float("alpha", 1);
    return (x) => Math.max(0, x) + Math.min(0, alpha * Math.expm1(x / alpha));
  }),
  Selu: activation((node) => {
    const alpha = node.float("alpha", 1.6732631921768188);
    const gamma = node.float("gamma", 1.0507010221481323);
    return (x) => gamma * (x > 0 ? x : alpha * Math.expm1(x));
  }),
  Shrink: activation((node) => {
    const [lambda, bias] = [node.float("lambd", 0.5), node.float("bias", 0)];
    const whole = isInteger(node.input(0).type) ? Math.trunc : (x: number) => x;
    return (x) => whole(x < -lambda ? x + bias : x > lambda ? x - bias : 0);
  }),
  PRelu: prelu,
  Clip: clip,
  Softmax: alongAxis(softmaxLine),
  LogSoftmax: alongAxis(logSoftmaxLine),
  Hardmax: alongAxis(hardmaxLine),
};
