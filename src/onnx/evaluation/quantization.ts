// Evaluation of operators on quantised numbers: x = (q − zero point) · scale.

import type { ElementType } from "../model.ts";
import { convolved } from "./convolution.ts";
import { roundToEven } from "./half.ts";
import { matrixProduct } from "./matrix.ts";
import type { Numbers } from "./plain-tensor.ts";
import { numbers } from "./positions.ts";
import type { EvaluatedNode, EvaluationRule, EvaluationRules } from "./rule.ts";

/** For each element of x the position of its scale: one for all, one a slice of an axis, or one a block of it. */
function scalePositions(
  node: EvaluatedNode,
  shape: readonly number[],
  scale: Numbers,
): (at: number) => number {
  if (scale.data.length === 1) return () => 0;
  const axis = node.int("axis", 1);
  const along = axis < 0 ? axis + shape.length : axis;
  const inner = shape.slice(along + 1).reduce((all, length) => all * length, 1);
  const block = node.int("block_size", 0);
  if (block === 0) return (at) => Math.floor(at / inner) % shape[along];
  const blocks = Math.ceil(shape[along] / block);
  return (at) => {
    const outer = Math.floor(at / (inner * shape[along]));
    const index = Math.floor((Math.floor(at / inner) % shape[along]) / block);
    return (outer * blocks + index) * inner + (at % inner);
  };
}

/** Smallest and largest number of an integer type. */
function rangeOf(type: ElementType): [number, number] {
  const bits = Number(type.replace(/\D/g, ""));
  return type.startsWith("u") ? [0, 2 ** bits - 1] : [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1];
}

function saturated(value: number, type: ElementType): number {
  const [low, high] = rangeOf(type);
  return Math.min(Math.max(value, low), high);
}

/** QuantizeLinear: the quotient is rounded to float32 first, as a runtime computes it, since ties decide. */
const quantize: EvaluationRule = (node) => {
  const [x, scale, zero] = [node.input(0), node.input(1), node.optional(2)];
  const type = node.outputType();
  const place = scalePositions(node, x.shape, scale);
  const data = x.data.map((value, at) => {
    const own = place(at);
    return saturated(
      roundToEven(Math.fround(value / scale.data[own])) + (zero?.data[own] ?? 0),
      type,
    );
  });
  return [numbers(x.shape, data, type)];
};

const dequantize: EvaluationRule = (node) => {
  const [x, scale, zero] = [node.input(0), node.input(1), node.optional(2)];
  const place = scalePositions(node, x.shape, scale);
  const data = x.data.map(
    (value, at) => (value - (zero?.data[place(at)] ?? 0)) * scale.data[place(at)],
  );
  return [numbers(x.shape, data, node.outputType())];
};

/** DynamicQuantizeLinear: the range of x, 0 included, over all of uint8. */
const dynamicQuantize: EvaluationRule = (node) => {
  const x = node.input(0);
  const low = x.data.reduce((least, value) => Math.min(least, value), 0);
  const high = x.data.reduce((most, value) => Math.max(most, value), 0);
  const scale = Math.fround((high - low) / 255);
  const zero = saturated(roundToEven(-low / scale), "uint8");
  const data = x.data.map((value) =>
    saturated(roundToEven(Math.fround(value / scale)) + zero, "uint8"),
  );
  return [numbers(x.shape, data, "uint8"), numbers([], [scale]), numbers([], [zero], "uint8")];
};

/** A tensor less its zero point: one for all, or one for each slice of an axis. */
function centered(x: Numbers, zero: Numbers | undefined, axis: number): Numbers {
  if (!zero) return x;
  const inner = x.shape.slice(axis + 1).reduce((all, length) => all * length, 1);
  const of = (at: number) =>
    zero.data.length === 1 ? zero.data[0] : zero.data[Math.floor(at / inner) % x.shape[axis]];
  return { ...x, data: x.data.map((value, at) => value - of(at)) };
}

const matMulInteger: EvaluationRule = (node) => {
  const [a, b] = [node.input(0), node.input(1)];
  const left = centered(a, node.optional(2), a.shape.length - 2);
  const right = centered(b, node.optional(3), b.shape.length - 1);
  return [{ ...matrixProduct(left, right), type: "int32" }];
};

const convInteger: EvaluationRule = (node) => {
  const x = centered(node.input(0), node.optional(2), 0);
  const w = centered(node.input(1), node.optional(3), 0);
  return [{ ...convolved(node, x, w), type: "int32" }];
};

/** Products of quantised factors, quantised again: q = round(product · scale of a · scale of b / scale) + zero point. */
function requantized(
  node: EvaluatedNode,
  product: Numbers,
  scaleOf: (at: number) => number,
): Numbers {
  const zero = node.input(7).data[0];
  const type = node.outputType();
  const data = product.data.map((value, at) =>
    saturated(roundToEven(value * scaleOf(at)) + zero, type),
  );
  return { ...product, type, data };
}

const quantizedMatMul: EvaluationRule = (node) => {
  const a = centered(node.input(0), node.input(2), node.input(0).shape.length - 2);
  const b = centered(node.input(3), node.input(5), node.input(3).shape.length - 1);
  const scale = (node.input(1).data[0] * node.input(4).data[0]) / node.input(6).data[0];
  return [requantized(node, matrixProduct(a, b), () => scale)];
};

const quantizedConv: EvaluationRule = (node) => {
  const x = centered(node.input(0), node.input(2), 0);
  const w = centered(node.input(3), node.input(5), 0);
  const product = convolved(node, x, w, node.optional(8));
  const weightScale = node.input(4).data;
  const size = product.shape.slice(2).reduce((all, length) => all * length, 1);
  const factor = node.input(1).data[0] / node.input(6).data[0];
  const scaleOf = (at: number) =>
    factor * weightScale[weightScale.length === 1 ? 0 : Math.floor(at / size) % product.shape[1]];
  return [requantized(node, product, scaleOf)];
};

/** Rules by operator. */
export const quantizationRules: EvaluationRules = {
  QuantizeLinear: quantize,
  DequantizeLinear: dequantize,
  DynamicQuantizeLinear: dynamicQuantize,
  MatMulInteger: matMulInteger,
  ConvInteger: convInteger,
  QLinearMatMul: quantizedMatMul,
  QLinearConv: quantizedConv,
};
