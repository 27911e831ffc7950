// Gradients of matrix products.

import { int } from "../model.ts";
import { type GradientRule, unbroadcast } from "./rule.ts";

/** Y = α A' B' + β C, so dA' = α dY B'ᵀ, dB' = α A'ᵀ dY, dC = β dY summed to its shape. */
const gemm: GradientRule = (node, m, dy) => {
  const [a, b, c] = node.inputs;
  const [transA, transB] = [node.int("transA", 0), node.int("transB", 0)];
  const alpha = { alpha: { kind: "float", value: node.float("alpha", 1) } } as const;
  const beta = node.float("beta", 1);
  const product = (left: string, right: string, transposed: readonly [number, number]) =>
    m.op("Gemm", [left, right], {
      transA: int(transposed[0]),
      transB: int(transposed[1]),
      ...alpha,
    });
  const dA = () => (transA ? product(b, dy, [transB, 1]) : product(dy, b, [0, 1 - transB]));
  const dB = () => (transB ? product(dy, a, [1, transA]) : product(a, dy, [1 - transA, 0]));
  const dC = () => unbroadcast(m, beta === 1 ? dy : m.mul(dy, beta), c);
  return [
    node.wants(0) ? dA() : undefined,
    node.wants(1) ? dB() : undefined,
    c && node.wants(2) ? dC() : undefined,
  ];
};

/** Rules by operator. */
export const matrixGradients: Readonly<Record<string, GradientRule>> = { Gemm: gemm };
