// The logistic loss and its derivatives: one block of coefficients for two classes (sigmoid),
// one a class for more (softmax). Hastie, Tibshirani, Friedman: "The elements of statistical
// learning", 2nd edition, section 4.4.

import { addGram, addProduct, transposedProduct } from "./column-products.ts";

export interface LogisticProblem {
  /** The design, with a last column of ones where an intercept is wanted. */
  readonly columns: readonly Float64Array[];
  /** 0 … classCount − 1. */
  readonly labels: Int32Array;
  readonly classCount: number;
  /** Weight of each row. */
  readonly weights: Float64Array;
}

/** Where the loss stands: values by block and row. */
export interface LossState {
  readonly loss: number;
  /** Weight times (probability − truth): the gradient with respect to the predictors. */
  readonly residuals: readonly Float64Array[];
  /** Of the positive class (one block), or of each class. */
  readonly probabilities: readonly Float64Array[];
  /** Whether every row of positive weight has its own class on top: the data are separated. */
  readonly separated: boolean;
}

/** Blocks of coefficients: one for two classes, one a class for more. */
export function blockCount({ classCount }: LogisticProblem): number {
  return classCount === 2 ? 1 : classCount;
}

/** X·w of each block; the coefficients of a block are contiguous. */
export function predictors(problem: LogisticProblem, coefficients: Float64Array): Float64Array[] {
  const length = problem.columns.length;
  return Array.from({ length: blockCount(problem) }, (_, block) => {
    const out = new Float64Array(problem.labels.length);
    addProduct(problem.columns, coefficients.subarray(block * length, (block + 1) * length), out);
    return out;
  });
}

/** Loss, residuals and probabilities where the predictors are `z`. */
export function evaluateLoss(problem: LogisticProblem, z: readonly Float64Array[]): LossState {
  return z.length === 1 ? evaluateSigmoid(problem, z[0]) : evaluateSoftmax(problem, z);
}

function evaluateSigmoid({ labels, weights }: LogisticProblem, z: Float64Array): LossState {
  const residual = new Float64Array(z.length);
  const probability = new Float64Array(z.length);
  let loss = 0;
  let separated = true;
  for (let row = 0; row < z.length; row++) {
    // e^−|z| never overflows; both the probability and the loss follow from it.
    const small = Math.exp(-Math.abs(z[row]));
    const p = z[row] >= 0 ? 1 / (1 + small) : small / (1 + small);
    const signed = labels[row] === 1 ? z[row] : -z[row];
    loss += weights[row] * (Math.log1p(small) + (signed < 0 ? -signed : 0));
    if (signed <= 0 && weights[row] > 0) separated = false;
    probability[row] = p;
    residual[row] = weights[row] * (p - labels[row]);
  }
  return { loss, residuals: [residual], probabilities: [probability], separated };
}

function evaluateSoftmax(
  { labels, weights }: LogisticProblem,
  z: readonly Float64Array[],
): LossState {
  const rowCount = labels.length;
  const probabilities = z.map(() => new Float64Array(rowCount));
  const residuals = z.map(() => new Float64Array(rowCount));
  let loss = 0;
  let separated = true;
  for (let row = 0; row < rowCount; row++) {
    const label = labels[row];
    let top = Number.NEGATIVE_INFINITY;
    let topOther = Number.NEGATIVE_INFINITY;
    for (let block = 0; block < z.length; block++) {
      top = Math.max(top, z[block][row]);
      if (block !== label) topOther = Math.max(topOther, z[block][row]);
    }
    let sum = 0;
    for (let block = 0; block < z.length; block++) {
      sum += probabilities[block][row] = Math.exp(z[block][row] - top);
    }
    loss += weights[row] * (Math.log(sum) + top - z[label][row]);
    if (topOther >= z[label][row] && weights[row] > 0) separated = false;
    for (let block = 0; block < z.length; block++) {
      probabilities[block][row] /= sum;
      residuals[block][row] =
        weights[row] * (probabilities[block][row] - (block === label ? 1 : 0));
    }
  }
  return { loss, residuals, probabilities, separated };
}

/** The gradient of the loss by coefficient. */
export function lossGradient({ columns }: LogisticProblem, { residuals }: LossState): Float64Array {
  const gradient = new Float64Array(columns.length * residuals.length);
  residuals.forEach((residual, block) => {
    gradient.set(transposedProduct(columns, residual), block * columns.length);
  });
  return gradient;
}

/** The Hessian of the loss, row-major: block (a, b) is Xᵀ diag(w pₐ (δₐᵦ − pᵦ)) X. */
export function lossHessian(
  { columns, weights }: LogisticProblem,
  { probabilities }: LossState,
): Float64Array {
  const length = columns.length;
  const size = length * probabilities.length;
  const hessian = new Float64Array(size * size);
  for (let a = 0; a < probabilities.length; a++) {
    for (let b = 0; b <= a; b++) {
      const diagonal = curvature(probabilities[a], probabilities[b], weights, a === b);
      addGram(columns, diagonal, hessian, { size, top: a * length, left: b * length });
      if (a !== b) copyBlock(hessian, size, a * length, b * length, length);
    }
  }
  return hessian;
}

function curvature(pa: Float64Array, pb: Float64Array, weights: Float64Array, same: boolean) {
  const diagonal = new Float64Array(weights.length);
  for (let row = 0; row < diagonal.length; row++) {
    diagonal[row] = weights[row] * pa[row] * (same ? 1 - pa[row] : -pb[row]);
  }
  return diagonal;
}

/** Blocks off the diagonal are symmetric themselves, so that the mirrored block is a copy. */
function copyBlock(matrix: Float64Array, size: number, top: number, left: number, length: number) {
  for (let row = 0; row < length; row++) {
    const from = (top + row) * size + left;
    matrix.copyWithin((left + row) * size + top, from, from + length);
  }
}

/** The Hessian of the loss times a vector, without forming the Hessian: 4·n·p·blocks operations. */
export function hessianTimes(
  problem: LogisticProblem,
  { probabilities }: LossState,
  vector: Float64Array,
): Float64Array {
  const { columns, weights } = problem;
  const change = predictors(problem, vector);
  const product = new Float64Array(vector.length);
  const mean = meanChange(change, probabilities);
  change.forEach((d, block) => {
    const p = probabilities[block];
    for (let row = 0; row < d.length; row++) d[row] = weights[row] * p[row] * (d[row] - mean[row]);
    product.set(transposedProduct(columns, d), block * columns.length);
  });
  return product;
}

/** Σ pₖ dₖ of each row; with one block the other class's predictor stays at 0. */
function meanChange(
  change: readonly Float64Array[],
  probabilities: readonly Float64Array[],
): Float64Array {
  const mean = new Float64Array(change[0].length);
  change.forEach((d, block) => {
    for (let row = 0; row < mean.length; row++) mean[row] += probabilities[block][row] * d[row];
  });
  return mean;
}
