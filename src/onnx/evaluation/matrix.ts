// Evaluation of matrix products and sums over products.

import { elementCount, rowMajorStrides } from "../../base/index.ts";
import { readEquation } from "../shapes/einsum.ts";
import type { Numbers } from "./plain-tensor.ts";
import { broadcastPositions, expanded, numbers, positions, transposed } from "./positions.ts";
import type { EvaluationRule, EvaluationRules } from "./rule.ts";

/** numpy.matmul of two tensors into a shape. */
export function matrixProduct(a: Numbers, b: Numbers): Numbers {
  const left = a.shape.length === 1 ? [1, ...a.shape] : [...a.shape];
  const right = b.shape.length === 1 ? [...b.shape, 1] : [...b.shape];
  const [rows, inner] = left.slice(-2);
  const columns = right[right.length - 1];
  const batch = batchShape(left.slice(0, -2), right.slice(0, -2));
  const [aBlocks, bBlocks] = [left, right].map((shape) =>
    broadcastPositions(shape.slice(0, -2), batch),
  );
  const data = new Float64Array(aBlocks.length * rows * columns);
  for (let block = 0; block < aBlocks.length; block++) {
    for (let row = 0; row < rows; row++) {
      const aStart = (aBlocks[block] * rows + row) * inner;
      const start = (block * rows + row) * columns;
      for (let at = 0; at < inner; at++) {
        const bStart = (bBlocks[block] * inner + at) * columns;
        const factor = a.data[aStart + at];
        for (let column = 0; column < columns; column++) {
          data[start + column] += factor * b.data[bStart + column];
        }
      }
    }
  }
  const shape = [
    ...batch,
    ...(a.shape.length === 1 ? [] : [rows]),
    ...(b.shape.length === 1 ? [] : [columns]),
  ];
  return numbers(shape, data, a.type);
}

function batchShape(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, at) => {
    const [left, right] = [a[a.length - rank + at] ?? 1, b[b.length - rank + at] ?? 1];
    return left === 1 ? right : left;
  });
}

const matMul: EvaluationRule = (node) => {
  node.outputShape();
  return [matrixProduct(node.input(0), node.input(1))];
};

/** Gemm: α A' B' + β C. */
const gemm: EvaluationRule = (node) => {
  const shape = node.outputShape();
  const [alpha, beta] = [node.float("alpha", 1), node.float("beta", 1)];
  const turn = (x: Numbers, isTurned: number) => (isTurned ? transposed(x, [1, 0]) : x);
  const a = turn(node.input(0), node.int("transA", 0));
  const b = turn(node.input(1), node.int("transB", 0));
  const c = node.optional(2);
  const added = c && expanded(c, shape).data;
  const { data } = matrixProduct(a, b);
  return [
    numbers(
      shape,
      data.map((x, at) => alpha * x + (added ? beta * added[at] : 0)),
      a.type,
    ),
  ];
};

/** Einsum: for every index of the output the sum over all other letters of the product of the inputs. */
const einsum: EvaluationRule = (node) => {
  const inputs = Array.from({ length: node.inputCount }, (_, index) => node.input(index));
  const equation = readEquation(
    node,
    inputs.map(({ shape }) => shape.length),
  );
  const shape = node.outputShape();
  const letters = [...new Set([...equation.output, ...equation.inputs.flat()])];
  const lengths = letters.map((letter) =>
    Math.max(
      ...equation.inputs.flatMap((term, at) =>
        term.flatMap((one, axis) => (one === letter ? [inputs[at].shape[axis]] : [])),
      ),
    ),
  );
  const walks = inputs.map(({ shape: from }, at) => {
    const strides = rowMajorStrides(from);
    // A letter that stands twice walks the diagonal; an axis of length 1 is broadcast.
    const along = letters.map((letter) =>
      equation.inputs[at].reduce(
        (sum, one, axis) => (one === letter && from[axis] > 1 ? sum + strides[axis] : sum),
        0,
      ),
    );
    return positions(lengths, along);
  });
  const data = new Float64Array(elementCount(shape));
  const total = elementCount(lengths);
  const perOutput = total / data.length;
  for (let at = 0; at < total; at++) {
    let product = 1;
    for (const [index, walk] of walks.entries()) product *= inputs[index].data[walk[at]];
    data[Math.floor(at / perOutput)] += product;
  }
  return [numbers(shape, data, inputs[0].type)];
};

/** Det: by elimination with row exchange. */
const determinants: EvaluationRule = (node) => {
  const x = node.input(0);
  const size = x.shape[x.shape.length - 1];
  const data = Array.from({ length: elementCount(node.outputShape()) }, (_, at) =>
    determinant(
      Array.from({ length: size }, (__, row) =>
        Array.from(x.data.subarray((at * size + row) * size, (at * size + row + 1) * size)),
      ),
    ),
  );
  return [numbers(node.outputShape(), data, x.type)];
};

function determinant(rows: number[][]): number {
  let result = 1;
  for (let at = 0; at < rows.length; at++) {
    const best = rows.reduce(
      (most, row, index) =>
        index >= at && Math.abs(row[at]) > Math.abs(rows[most][at]) ? index : most,
      at,
    );
    if (rows[best][at] === 0) return 0;
    if (best !== at) {
      [rows[at], rows[best]] = [rows[best], rows[at]];
      result = -result;
    }
    result *= rows[at][at];
    for (let below = at + 1; below < rows.length; below++) {
      const factor = rows[below][at] / rows[at][at];
      for (let column = at; column < rows.length; column++) {
        rows[below][column] -= factor * rows[at][column];
      }
    }
  }
  return result;
}

/** Rules by operator. */
export const matrixRules: EvaluationRules = {
  MatMul: matMul,
  Gemm: gemm,
  Einsum: einsum,
  Det: determinants,
};
