// Solves A·x = b for a symmetric positive semi-definite A, by Cholesky's decomposition.

import { CholeskyDecomposition, Matrix } from "ml-matrix";
import { RoentgenError } from "../../base/index.ts";

/** A factor that solves for any right-hand side. */
export type SymmetricSolver = (rhs: ArrayLike<number>) => Float64Array;

/**
 * Factors a row-major symmetric matrix. Where columns depend on each other A is singular; then the
 * diagonal is raised by as little as makes the factor exist: from `jitter` times its mean. Rounding
 * moves the solution along such dependences by about 1e-16 / jitter.
 * @throws RoentgenError "value-invalid" for a matrix with elements that are not finite
 */
export function factorSymmetric(
  matrix: Float64Array,
  size: number,
  { jitter = 1e-13 } = {},
): SymmetricSolver {
  let mean = 0;
  for (let index = 0; index < size; index++) mean += matrix[index * size + index] / size;
  const rows = Matrix.from1DArray(size, size, matrix as never);
  let raise = jitter * (mean || 1);
  while (Number.isFinite(raise)) {
    for (let index = 0; index < size; index++) {
      rows.set(index, index, matrix[index * size + index] + raise);
    }
    const factor = new CholeskyDecomposition(rows);
    if (factor.isPositiveDefinite()) {
      return (rhs) =>
        Float64Array.from(factor.solve(Matrix.columnVector(rhs as never)).to1DArray());
    }
    raise *= 100;
  }
  throw new RoentgenError("value-invalid", {
    problem: "The fit ran into numbers too large to calculate with",
    remedy: "Bring features and weights to a usual scale, or leave out extreme values.",
  });
}

/** The smallest share of a diagonal element that Cholesky's decomposition leaves; 0 where it breaks off. */
export function smallestPivot(matrix: Float64Array, size: number): number {
  const factor = new CholeskyDecomposition(Matrix.from1DArray(size, size, matrix as never));
  if (!factor.isPositiveDefinite()) return 0;
  const lower = factor.lowerTriangularMatrix;
  let smallest = Number.POSITIVE_INFINITY;
  for (let j = 0; j < size; j++) {
    smallest = Math.min(smallest, lower.get(j, j) ** 2 / matrix[j * size + j]);
  }
  return smallest;
}
