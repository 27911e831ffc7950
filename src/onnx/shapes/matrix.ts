// Shapes of matrix products.

import type { Dimension } from "../model.ts";
import { broadcastShapes } from "./broadcast.ts";
import { readEquation } from "./einsum.ts";
import type { InferredNode, ShapeRule, ShapeRules } from "./rule.ts";

/** Gemm: α A' B' + β C, with A' and B' transposed or not. */
const gemm: ShapeRule = (node) => {
  const [a, b] = [node.input(0), node.input(1)];
  if (!a?.shape || !b?.shape) return [a && { type: a.type }];
  if (a.shape.length !== 2 || b.shape.length !== 2) node.fail("two matrices");
  const [rows, inner] = node.int("transA", 0) ? [a.shape[1], a.shape[0]] : a.shape;
  const [innerB, columns] = node.int("transB", 0) ? [b.shape[1], b.shape[0]] : b.shape;
  if (!mayEqual(inner, innerB))
    node.fail(`inner lengths that agree: ${inner} and ${innerB} differ`);
  return [{ type: a.type, shape: [rows, columns] }];
};

/** MatMul as numpy.matmul: the last two axes are matrices, those before broadcast; vectors lose their axis. */
const matMul: ShapeRule = (node) => {
  const [a, b] = [node.input(0), node.input(1)];
  return [a && { type: a.type, shape: productShape(node, a.shape, b?.shape) }];
};

/** Shape of a product of matrices; undefined where that of a factor is. */
export function productShape(
  node: InferredNode,
  a: readonly Dimension[] | undefined,
  b: readonly Dimension[] | undefined,
): Dimension[] | undefined {
  if (!a || !b) return undefined;
  const left = a.length === 1 ? [1, ...a] : a;
  const right = b.length === 1 ? [...b, 1] : b;
  const batch = broadcastShapes([left.slice(0, -2), right.slice(0, -2)]);
  const [inner, innerB] = [left[left.length - 1], right[right.length - 2]];
  const fits = batch && a.length > 0 && b.length > 0 && mayEqual(inner, innerB);
  if (!fits) return node.fail("inner lengths that agree and leading lengths that broadcast");
  const rows = a.length === 1 ? [] : [left[left.length - 2]];
  const columns = b.length === 1 ? [] : [right[right.length - 1]];
  return [...batch, ...rows, ...columns];
}

function mayEqual(a: Dimension, b: Dimension): boolean {
  return typeof a === "string" || typeof b === "string" || a === b;
}

/** Einsum: every letter of the output has the length that it has in the inputs. */
const einsum: ShapeRule = (node) => {
  const inputs = Array.from({ length: node.inputCount }, (_, index) => node.input(index));
  const shapes = inputs.map((input) => input?.shape);
  const type = inputs[0]?.type;
  if (!type || !shapes.every((shape) => shape !== undefined)) return [type && { type }];
  const { inputs: terms, output } = readEquation(
    node,
    shapes.map((shape) => shape.length),
  );
  const lengths = new Map<string, Dimension>();
  for (const [at, term] of terms.entries()) {
    for (const [axis, letter] of term.entries()) {
      const joined = broadcastShapes([[lengths.get(letter) ?? 1], [shapes[at][axis]]]);
      if (!joined) return node.fail(`one length for "${letter}" of ${node.text("equation", "")}`);
      lengths.set(letter, joined[0]);
    }
  }
  return [{ type, shape: output.map((letter) => lengths.get(letter) ?? 1) }];
};

/** Det: one number a matrix. */
const determinant: ShapeRule = (node) => {
  const x = node.input(0);
  return [x && { type: x.type, shape: x.shape?.slice(0, -2) }];
};

/** MatMulInteger: whole numbers of 32 bits. */
const matMulInteger: ShapeRule = (node) => {
  const shape = productShape(node, node.input(0)?.shape, node.input(1)?.shape);
  return [{ type: "int32", shape }];
};

/** QLinearMatMul: the factors are the inputs 0 and 3, the zero point of the product has its type. */
const quantizedMatMul: ShapeRule = (node) => {
  const shape = productShape(node, node.input(0)?.shape, node.input(3)?.shape);
  return [{ type: node.input(7)?.type ?? "uint8", shape }];
};

/** Rules by operator. */
export const matrixShapes: ShapeRules = {
  Gemm: gemm,
  MatMul: matMul,
  Einsum: einsum,
  Det: determinant,
  MatMulInteger: matMulInteger,
  QLinearMatMul: quantizedMatMul,
};
