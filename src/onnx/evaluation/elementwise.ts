// Evaluation of operators that work element by element, with broadcasting.

import { roundToEven } from "./half.ts";
import { isInteger, isTexts, type Numbers } from "./plain-tensor.ts";
import { broadcastPositions, expanded } from "./positions.ts";
import type { EvaluatedNode, EvaluationRule, EvaluationRules } from "./rule.ts";

/** A function of one number. */
function unary(compute: (x: number) => number): EvaluationRule {
  return (node) => {
    const { shape, data } = node.input(0);
    return [{ type: node.outputType(), shape, data: data.map((x) => compute(x)) }];
  };
}

/** A function of two numbers; `prepare` sees the node first. */
function binary(
  prepare: (node: EvaluatedNode) => (a: number, b: number) => number,
): EvaluationRule {
  return (node) => [combined(node, prepare(node))];
}

const plain = (compute: (a: number, b: number) => number) => binary(() => compute);

/** Any number of inputs, combined from the left. */
function combined(node: EvaluatedNode, compute: (a: number, b: number) => number): Numbers {
  const [type, shape] = [node.outputType(), node.outputShape()];
  const result = Float64Array.from(expanded(node.input(0), shape).data);
  for (let index = 1; index < node.inputCount; index++) {
    const { data, shape: from } = node.input(index);
    const sources = broadcastPositions(from, shape);
    for (let at = 0; at < result.length; at++) result[at] = compute(result[at], data[sources[at]]);
  }
  return { type, shape, data: result };
}

/** Div: whole numbers lose their fraction. */
const divide = binary((node) =>
  isInteger(node.input(0).type) ? (a, b) => Math.trunc(a / b) : (a, b) => a / b,
);

/** Mod: the sign of the divisor (Python), or with `fmod` of the dividend (C). */
const modulo = binary((node) =>
  node.int("fmod", 0) === 1 ? (a, b) => a % b : (a, b) => a - b * Math.floor(a / b),
);

/** Mean of all inputs. */
const mean: EvaluationRule = (node) => {
  const sum = combined(node, (a, b) => a + b);
  return [{ ...sum, data: sum.data.map((value) => value / node.inputCount) }];
};

/** Equal, strings included. */
const equal: EvaluationRule = (node) => {
  const [a, b] = [node.any(0), node.any(1)];
  if (!isTexts(a.data)) return [combined(node, (left, right) => Number(left === right))];
  const shape = node.outputShape();
  const [left, right] = [expanded(a, shape).data, expanded(b, shape).data];
  const data = Float64Array.from(left as string[], (text, at) => Number(text === right[at]));
  return [{ type: "bool", shape, data }];
};

/** Bits are worked on as whole numbers of any width. */
const bits = (compute: (a: bigint, b: bigint) => bigint) =>
  plain((a, b) => Number(compute(BigInt(a), BigInt(b))));

const shift = binary((node) => {
  const isLeft = node.text("direction", "") === "LEFT";
  return (a, b) => (isLeft ? a * 2 ** b : Math.floor(a / 2 ** b));
});

const bitwiseNot: EvaluationRule = (node) => {
  const x = node.input(0);
  const isSigned = x.type.startsWith("int");
  const ones = 2 ** Number(x.type.replace(/\D/g, "")) - 1;
  return [{ ...x, data: x.data.map((value) => (isSigned ? -1 - value : ones - value)) }];
};

/** Where: the elements of one or the other. */
const where: EvaluationRule = (node) => {
  const shape = node.outputShape();
  const condition = expanded(node.input(0), shape).data;
  const [yes, no] = [expanded(node.any(1), shape), expanded(node.any(2), shape)];
  if (isTexts(yes.data)) {
    const data = yes.data.map((text, at) => (condition[at] ? text : (no.data[at] as string)));
    return [{ ...yes, data }];
  }
  const data = yes.data.map((value, at) => (condition[at] ? value : (no.data[at] as number)));
  return [{ ...yes, data }];
};

/** Max and Min let NaN through, as Math's do. */
const extremes = {
  Max: plain((a, b) => Math.max(a, b)),
  Min: plain((a, b) => Math.min(a, b)),
};

const isInf: EvaluationRule = (node) => {
  const [positive, negative] = [node.int("detect_positive", 1), node.int("detect_negative", 1)];
  const { shape, data } = node.input(0);
  const found = data.map((x) =>
    Number((positive && x === Infinity) || (negative && x === -Infinity)),
  );
  return [{ type: "bool", shape, data: found }];
};

/** The tensor as it is. */
const identity: EvaluationRule = (node) => [node.item(0)];

const truth = (compute: (a: number, b: number) => boolean) =>
  plain((a, b) => Number(compute(a, b)));

/** Rules by operator. */
export const elementwiseRules: EvaluationRules = {
  Abs: unary(Math.abs),
  Acos: unary(Math.acos),
  Acosh: unary(Math.acosh),
  Asin: unary(Math.asin),
  Asinh: unary(Math.asinh),
  Atan: unary(Math.atan),
  Atanh: unary(Math.atanh),
  Ceil: unary(Math.ceil),
  Cos: unary(Math.cos),
  Cosh: unary(Math.cosh),
  Exp: unary(Math.exp),
  Floor: unary(Math.floor),
  Log: unary(Math.log),
  Neg: unary((x) => -x),
  Reciprocal: unary((x) => 1 / x),
  Round: unary(roundToEven),
  Sign: unary(Math.sign),
  Sin: unary(Math.sin),
  Sinh: unary(Math.sinh),
  Sqrt: unary(Math.sqrt),
  Tan: unary(Math.tan),
  Tanh: unary(Math.tanh),
  Not: unary((x) => Number(!x)),
  IsNaN: unary((x) => Number(Number.isNaN(x))),
  IsInf: isInf,
  Identity: identity,
  Add: plain((a, b) => a + b),
  Sub: plain((a, b) => a - b),
  Mul: plain((a, b) => a * b),
  Div: divide,
  Mod: modulo,
  Pow: plain((a, b) => a ** b),
  Sum: plain((a, b) => a + b),
  Mean: mean,
  ...extremes,
  And: truth((a, b) => Boolean(a && b)),
  Or: truth((a, b) => Boolean(a || b)),
  Xor: truth((a, b) => a !== b),
  Equal: equal,
  Greater: truth((a, b) => a > b),
  GreaterOrEqual: truth((a, b) => a >= b),
  Less: truth((a, b) => a < b),
  LessOrEqual: truth((a, b) => a <= b),
  BitShift: shift,
  BitwiseAnd: bits((a, b) => a & b),
  BitwiseOr: bits((a, b) => a | b),
  BitwiseXor: bits((a, b) => a ^ b),
  BitwiseNot: bitwiseNot,
  Where: where,
};
