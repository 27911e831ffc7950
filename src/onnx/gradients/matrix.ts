// Gradients of matrix products.

import type { Algebra, Term } from "../algebra.ts";
import { float, int } from "../model.ts";
import { axesUpTo, composed, type GradientRule, type GradientRules, unbroadcast } from "./rule.ts";

/** Y = α A' B' + β C, so dA' = α dY B'ᵀ, dB' = α A'ᵀ dY, dC = β dY summed to its shape. */
const gemm: GradientRule = (node, m, dy) => {
  const [a, b, c] = node.inputs;
  const [transA, transB] = [node.int("transA", 0), node.int("transB", 0)];
  const alpha = node.float("alpha", 1);
  const beta = node.float("beta", 1);
  const product = (left: Term, right: Term, transposed: readonly [number, number]) =>
    flatProduct(m, left, right, { transposed, alpha });
  const dA = () => (transA ? product(b, dy, [transB, 1]) : product(dy, b, [0, 1 - transB]));
  const dB = () => (transB ? product(dy, a, [1, transA]) : product(a, dy, [1 - transA, 0]));
  const dC = () => unbroadcast(m, beta === 1 ? dy : m.mul(dy, beta), c);
  return [
    node.wants(0) ? dA() : undefined,
    node.wants(1) ? dB() : undefined,
    c && node.wants(2) ? dC() : undefined,
  ];
};

/** Y = A B, so dA = dY Bᵀ, dB = Aᵀ dY, summed over the leading axes that were broadcast. */
const matMul: GradientRule = ({ inputs: [a, b], wants }, m, dy) => {
  const [aShape, bShape] = [m.graph.shapeOf(a), m.graph.shapeOf(b)];
  // A vector is a row on the left and a column on the right; its axis of length 1 is not in Y.
  const left = aShape.length === 1 ? [1, ...aShape] : [...aShape];
  const right = bShape.length === 1 ? [...bShape, 1] : [...bShape];
  const hasVector = left.length > aShape.length || right.length > bShape.length;
  const batch = m.graph.shapeOf(dy).slice(0, Math.max(left.length, right.length) - 2);
  const rows = [left.at(-2) as number, right.at(-1) as number];
  const dY = hasVector ? m.reshape(dy, [...batch, ...rows]) : dy;
  const product = { a: shaped(m, a, left), b: shaped(m, b, right), left, right, dY };
  return [
    wants(0) ? shaped(m, leftGradient(m, product), aShape) : undefined,
    wants(1) ? shaped(m, rightGradient(m, product), bShape) : undefined,
  ];
};

/** A product of stacks of matrices and the gradient of its result. */
interface Product {
  readonly a: Term;
  readonly b: Term;
  readonly left: readonly number[];
  readonly right: readonly number[];
  readonly dY: Term;
}

function leftGradient(m: Algebra, { a, b, left, right, dY }: Product): Term {
  if (left.length === 2 && right.length === 2) {
    return flatProduct(m, dY, b, { transposed: [0, 1] });
  }
  return unbroadcast(m, m.matmul(dY, swapped(m, b, right.length)), a);
}

/** Where one matrix multiplies a stack of them, the stack is one tall matrix. */
function rightGradient(m: Algebra, { a, b, left, right, dY }: Product): Term {
  if (right.length === 2) {
    const [inner, columns] = right;
    const tall = shaped(m, a, [left.slice(0, -1).reduce((all, one) => all * one, 1), inner]);
    const flat = m.reshape(dY, [-1, columns]);
    return flatProduct(m, tall, left.length === 2 ? dY : flat, { transposed: [1, 0] });
  }
  return unbroadcast(m, m.matmul(swapped(m, a, left.length), dY), b);
}

function flatProduct(
  m: Algebra,
  left: Term,
  right: Term,
  { transposed, alpha = 1 }: { transposed: readonly [number, number]; alpha?: number },
): Term {
  const [transA, transB] = transposed.map(int);
  return m.op("Gemm", [left, right], { transA, transB, alpha: float(alpha) });
}

function shaped(m: Algebra, term: Term, shape: readonly number[]): Term {
  const from = m.graph.shapeOf(term);
  const isThere = from.length === shape.length && from.every((one, axis) => one === shape[axis]);
  return isThere ? term : m.reshape(term, shape);
}

/** The last two axes exchanged. */
function swapped(m: Algebra, term: Term, rank: number): Term {
  return m.transpose(term, [...axesUpTo(rank - 2), rank - 1, rank - 2]);
}

/** ONNX Runtime's α A' B', with A' and B' transposed in their last two axes or not. */
const fusedMatMul = composed((node, m) => {
  if (node.int("transBatchA", 0) || node.int("transBatchB", 0)) {
    node.fail("it has no gradient with transBatchA or transBatchB");
  }
  const factor = (index: number, isTransposed: boolean) => {
    const rank = m.graph.shapeOf(node.inputs[index]).length;
    return isTransposed && rank > 1 ? swapped(m, node.inputs[index], rank) : node.inputs[index];
  };
  const product = m.matmul(
    factor(0, node.int("transA", 0) === 1),
    factor(1, node.int("transB", 0) === 1),
  );
  const alpha = node.float("alpha", 1);
  return alpha === 1 ? product : m.mul(product, alpha);
});

/** Rules by operator. */
export const matrixGradients: GradientRules = { Gemm: gemm, MatMul: matMul };

/** Rules of ONNX Runtime's own products by operator. */
export const microsoftMatrixGradients: GradientRules = { FusedMatMul: fusedMatMul };
