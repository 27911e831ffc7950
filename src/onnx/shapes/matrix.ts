// Shapes of matrix products.

import type { Dimension } from "../model.ts";
import { broadcastShapes } from "./broadcast.ts";
import type { ShapeRule } from "./rule.ts";

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
  if (!a?.shape || !b?.shape) return [a && { type: a.type }];
  const left = a.shape.length === 1 ? [1, ...a.shape] : a.shape;
  const right = b.shape.length === 1 ? [...b.shape, 1] : b.shape;
  const batch = broadcastShapes([left.slice(0, -2), right.slice(0, -2)]);
  const [inner, innerB] = [left[left.length - 1], right[right.length - 2]];
  const fits = batch && mayEqual(inner, innerB);
  if (!fits) return node.fail("inner lengths that agree and leading lengths that broadcast");
  const rows = a.shape.length === 1 ? [] : [left[left.length - 2]];
  const columns = b.shape.length === 1 ? [] : [right[right.length - 1]];
  return [{ type: a.type, shape: [...batch, ...rows, ...columns] }];
};

function mayEqual(a: Dimension, b: Dimension): boolean {
  return typeof a === "string" || typeof b === "string" || a === b;
}

/** Rules by operator. */
export const matrixShapes: Readonly<Record<string, ShapeRule>> = { Gemm: gemm, MatMul: matMul };
