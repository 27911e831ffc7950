// The matrix that makes a covariance the identity: the inverse W of its Cholesky factor, Σ = L Lᵀ, so that
// Mahalanobis' distance is ‖W x − W m‖². Golub & Van Loan, Matrix Computations, 2013, section 4.2.

import { openCheckpoint } from "../../base/index.ts";
import type { JudgementWork } from "../judgement-work.ts";

/** W `[dimension, dimension]`, lower triangular; its last value is NaN where the covariance has no inverse. */
export async function whiteningOf(
  covariance: Float64Array,
  dimension: number,
  { signal }: JudgementWork = {},
): Promise<Float64Array> {
  const factor = covariance.slice();
  const smallest = 1e-13 * greatestVariance(covariance, dimension);
  const checkpoint = openCheckpoint(signal, "Factoring a covariance");
  for (let i = 0; i < dimension; i++) {
    factorRowInPlace(factor, i, { dimension, smallest });
    await checkpoint();
  }
  const inverse = new Float64Array(dimension * dimension);
  for (let i = 0; i < dimension; i++) {
    invertRow(factor, inverse, i, dimension);
    await checkpoint();
  }
  return inverse;
}

/**
 * Row i of L, from the rows above: l_ij = (s_ij − Σ_k l_ik l_jk) / l_jj. A feature with next to no variance
 * of its own is one too many.
 */
function factorRowInPlace(
  factor: Float64Array,
  i: number,
  { dimension, smallest }: { dimension: number; smallest: number },
): void {
  const own = i * dimension;
  for (let j = 0; j <= i; j++) {
    const other = j * dimension;
    let even = 0;
    let odd = 0;
    let k = 0;
    for (; k + 1 < j; k += 2) {
      even += factor[own + k] * factor[other + k];
      odd += factor[own + k + 1] * factor[other + k + 1];
    }
    if (k < j) even += factor[own + k] * factor[other + k];
    const rest = factor[own + j] - even - odd;
    if (j < i) factor[own + j] = rest / factor[other + j];
    else factor[own + i] = rest > smallest ? Math.sqrt(rest) : Number.NaN;
  }
}

/** Row i of L⁻¹, from the rows above: (e_i − Σ_k l_ik w_k) / l_ii. */
function invertRow(
  factor: Float64Array,
  inverse: Float64Array,
  i: number,
  dimension: number,
): void {
  const own = i * dimension;
  for (let k = 0; k < i; k++) {
    const share = factor[own + k];
    const other = k * dimension;
    for (let j = 0; j <= k; j++) inverse[own + j] -= share * inverse[other + j];
  }
  inverse[own + i] = 1;
  const diagonal = factor[own + i];
  for (let j = 0; j <= i; j++) inverse[own + j] /= diagonal;
}

function greatestVariance(covariance: Float64Array, dimension: number): number {
  let greatest = 0;
  for (let i = 0; i < dimension; i++)
    greatest = Math.max(greatest, covariance[i * (dimension + 1)]);
  return greatest;
}
