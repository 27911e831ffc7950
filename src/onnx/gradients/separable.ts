// Linear maps that treat each axis by itself: y = (A₁ ⊗ A₂ ⊗ …) x with a constant matrix an axis. Average pools and
// resizing are such maps; their gradient is the transposed matrices applied to dy.

import type { Algebra, Term } from "../algebra.ts";
import { countOf } from "./rule.ts";

/** What an axis of the output is made of: weights[output][input]; undefined where the axis stays. */
export type AxisMatrix = readonly Float64Array[] | undefined;

/** Applies the transposed matrices along the axes of dy. */
export function transposedAlongAxes(m: Algebra, dy: Term, matrices: readonly AxisMatrix[]): Term {
  let term = dy;
  const shape = [...m.graph.shapeOf(dy)];
  // Axes that shrink most come first: what follows is then smaller.
  const order = matrices
    .flatMap((matrix, axis) => (matrix ? [{ matrix, axis, growth: growthOf(matrix) }] : []))
    .sort((a, b) => a.growth - b.growth);
  for (const { matrix, axis } of order) {
    const [outer, inner] = [countOf(shape.slice(0, axis)), countOf(shape.slice(axis + 1))];
    const length = shape[axis];
    shape[axis] = matrix[0].length;
    const product =
      inner === 1
        ? m.matmul(m.reshape(term, [outer, length]), matrixTerm(m, matrix, dy))
        : m.matmul(matrixTerm(m, transposed(matrix), dy), m.reshape(term, [outer, length, inner]));
    term = m.reshape(product, shape);
  }
  return term;
}

function growthOf(matrix: readonly Float64Array[]): number {
  return matrix[0].length / matrix.length;
}

function transposed(matrix: readonly Float64Array[]): Float64Array[] {
  return Array.from(matrix[0], (_, column) => Float64Array.from(matrix, (row) => row[column]));
}

function matrixTerm(m: Algebra, matrix: readonly Float64Array[], like: Term): Term {
  const values = matrix.flatMap((row) => [...row]);
  const shape = [matrix.length, matrix[0].length];
  const isDouble = m.graph.typeOf(like)?.type === "float64";
  return isDouble
    ? m.graph.constant({ type: "float64", shape, data: Float64Array.from(values) }, "weights")
    : m.graph.constant({ type: "float32", shape, data: Float32Array.from(values) }, "weights");
}
