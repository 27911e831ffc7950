// Penalised least squares in closed form: (XᵀWX + Λ)·β = XᵀWy, or by rows where there are more
// columns than rows. Hastie, Tibshirani, Friedman: "The elements of statistical learning",
// 2nd edition, sections 3.4.1 and 18.3.5.

import { Matrix, SVD } from "ml-matrix";
import {
  addGram,
  addProduct,
  addScaledInPlace,
  dot,
  transposedProduct,
} from "./column-products.ts";
import { factorSymmetric, smallestPivot } from "./symmetric-solve.ts";

export interface LeastSquares {
  readonly columns: readonly Float64Array[];
  readonly weights: Float64Array;
  readonly response: Float64Array;
  /** Weight of βⱼ², one a column. */
  readonly penalty: Float64Array;
}

/** Minimises Σ wᵢ (yᵢ − xᵢβ)² + Σ λⱼ βⱼ². With λ = 0 and dependent columns, the shortest such β. */
export function solveLeastSquares(problem: LeastSquares): Float64Array {
  const { columns, response, penalty } = problem;
  if (columns.length === 0) return new Float64Array();
  const penalised = penalty.every((value) => value > 0);
  if (columns.length > response.length) {
    return penalised ? solveByRows(problem) : solveByDecomposition(problem);
  }
  const gram = penalisedGram(problem);
  const dependable = penalised || smallestPivot(gram, columns.length) > DEPENDABLE_PIVOT;
  return dependable ? solveByColumns(problem, gram) : solveByDecomposition(problem);
}

/** Share of a column that the columns before it must leave unexplained for Cholesky to be trusted. */
const DEPENDABLE_PIVOT = 1e-8;

/** XᵀWX + Λ. */
function penalisedGram({ columns, weights, penalty }: LeastSquares): Float64Array {
  const size = columns.length;
  const gram = new Float64Array(size * size);
  addGram(columns, weights, gram);
  for (let j = 0; j < size; j++) gram[j * size + j] += penalty[j];
  return gram;
}

/** Cholesky of XᵀWX + Λ, then refined against the residual itself, which restores lost digits. */
function solveByColumns(problem: LeastSquares, gram: Float64Array): Float64Array {
  const size = problem.columns.length;
  const solve = factorSymmetric(gram, size);
  const solution = new Float64Array(size);
  for (let round = 0; round < 3; round++) {
    addScaledInPlace(solution, 1, solve(downhill(problem, solution)));
  }
  return solution;
}

/** XᵀW(y − Xβ) − Λβ. */
function downhill({ columns, weights, response, penalty }: LeastSquares, beta: Float64Array) {
  const fitted = new Float64Array(response.length);
  addProduct(columns, beta, fitted);
  const residual = fitted.map((value, row) => weights[row] * (response[row] - value));
  const slope = transposedProduct(columns, residual);
  for (let j = 0; j < slope.length; j++) slope[j] -= penalty[j] * beta[j];
  return slope;
}

/** β = Λ⁻¹X̃ᵀ(X̃Λ⁻¹X̃ᵀ + I)⁻¹ỹ, with the rows of X̃ and ỹ multiplied by √w. n²·p operations. */
function solveByRows({ columns, weights, response, penalty }: LeastSquares): Float64Array {
  const rowCount = response.length;
  const roots = weights.map(Math.sqrt);
  const rows = Array.from({ length: rowCount }, () => new Float64Array(columns.length));
  columns.forEach((column, j) => {
    for (let row = 0; row < rowCount; row++) rows[row][j] = roots[row] * column[row];
  });
  const kernel = new Float64Array(rowCount * rowCount);
  addGram(
    rows,
    penalty.map((value) => 1 / value),
    kernel,
  );
  for (let row = 0; row < rowCount; row++) kernel[row * rowCount + row] += 1;
  const dual = factorSymmetric(kernel, rowCount)(response.map((value, row) => roots[row] * value));
  const weighted = dual.map((value, row) => roots[row] * value);
  return Float64Array.from(columns, (column, j) => dot(column, weighted) / penalty[j]);
}

/** The shortest minimiser, by singular values of the rows stacked on √Λ. */
function solveByDecomposition({ columns, weights, response, penalty }: LeastSquares): Float64Array {
  const rowCount = response.length;
  const penalised = penalty.some((value) => value > 0) ? columns.length : 0;
  const stacked = Matrix.zeros(rowCount + penalised, columns.length);
  const aim = Matrix.zeros(rowCount + penalised, 1);
  for (let row = 0; row < rowCount; row++) {
    const root = Math.sqrt(weights[row]);
    columns.forEach((column, j) => {
      stacked.set(row, j, root * column[row]);
    });
    aim.set(row, 0, root * response[row]);
  }
  for (let j = 0; j < penalised; j++) stacked.set(rowCount + j, j, Math.sqrt(penalty[j]));
  const decomposition = new SVD(stacked, { autoTranspose: true });
  return Float64Array.from(decomposition.solve(aim).to1DArray());
}
