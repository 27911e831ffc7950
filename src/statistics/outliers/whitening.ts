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
 * Row i of L, from the rows above: l_ij = (s_ij − Σ_k l_ik l_jk) / l_jj, four at a time, so that l_ik is read once
 * for them. A feature with next to no variance of its own is one too many.
 */
function factorRowInPlace(
  factor: Float64Array,
  i: number,
  { dimension, smallest }: { dimension: number; smallest: number },
): void {
  const own = i * dimension;
  for (let j = 0; j < i; j += 4) {
    const last = Math.min(j + 4, i);
    if (last === j + 4) subtractProducts(factor, own, j, dimension);
    for (let c = j; c < last; c++) {
      const other = c * dimension;
      let rest = factor[own + c];
      for (let k = last === j + 4 ? j : 0; k < c; k++) rest -= factor[own + k] * factor[other + k];
      factor[own + c] = rest / factor[other + c];
    }
  }
  let rest = factor[own + i];
  for (let k = 0; k < i; k++) rest -= factor[own + k] * factor[own + k];
  factor[own + i] = rest > smallest ? Math.sqrt(rest) : Number.NaN;
}

/** Takes Σ over k < j of l_ik l_ck off the row that begins at `own`, for c = j … j + 3. */
function subtractProducts(factor: Float64Array, own: number, j: number, dimension: number): void {
  const [a, b, c, d] = [0, 1, 2, 3].map((offset) => (j + offset) * dimension);
  let [sa, sb, sc, sd] = [0, 0, 0, 0];
  for (let k = 0; k < j; k++) {
    const value = factor[own + k];
    sa += value * factor[a + k];
    sb += value * factor[b + k];
    sc += value * factor[c + k];
    sd += value * factor[d + k];
  }
  factor[own + j] -= sa;
  factor[own + j + 1] -= sb;
  factor[own + j + 2] -= sc;
  factor[own + j + 3] -= sd;
}

/** Row i of L⁻¹, from the rows above: (e_i − Σ_k l_ik w_k) / l_ii, four of them at a time. */
function invertRow(
  factor: Float64Array,
  inverse: Float64Array,
  i: number,
  dimension: number,
): void {
  const own = i * dimension;
  const whole = i - (i % 4);
  for (let k = 0; k < whole; k += 4) {
    const [a, b, c, d] = [0, 1, 2, 3].map((offset) => (k + offset) * dimension);
    const [la, lb, lc, ld] = [0, 1, 2, 3].map((offset) => factor[own + k + offset]);
    // What lies above the diagonal of the rows is 0.
    for (let j = 0; j < k + 4; j++) {
      inverse[own + j] -=
        la * inverse[a + j] + lb * inverse[b + j] + lc * inverse[c + j] + ld * inverse[d + j];
    }
  }
  for (let k = whole; k < i; k++) {
    const share = factor[own + k];
    for (let j = 0; j <= k; j++) inverse[own + j] -= share * inverse[k * dimension + j];
  }
  inverse[own + i] = 1;
  const diagonal = factor[own + i];
  for (let j = 0; j <= i; j++) inverse[own + j] /= diagonal;
}

function greatestVariance(covariance: Float64Array, dimension: number): number {
  let greatest = 0;
  for (let i = 0; i < dimension; i++) {
    greatest = Math.max(greatest, covariance[i * (dimension + 1)]);
  }
  return greatest;
}
