// Errors of predicted values: how far off, in the unit of the measurement, and what share is explained.

import { momentsOf } from "./moments.ts";
import { type Ranking, rankDescending } from "./ranking.ts";

interface Weighted {
  /** Weight of each row; 1 where absent. */
  weights?: ArrayLike<number>;
}

/** Mean of |predicted − truth|; NaN of nothing. */
export function meanAbsoluteError(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  { weights }: Weighted = {},
): number {
  return meanOf(truth, predicted, Math.abs, weights);
}

/** Square root of the mean of (predicted − truth)². */
export function rootMeanSquaredError(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  { weights }: Weighted = {},
): number {
  return Math.sqrt(meanOf(truth, predicted, (error) => error * error, weights));
}

/** Mean of predicted − truth: the bias. */
export function meanError(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  { weights }: Weighted = {},
): number {
  return meanOf(truth, predicted, (error) => error, weights);
}

/** Median of |predicted − truth|. */
export function medianAbsoluteError(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  { weights }: Weighted = {},
): number {
  const errors = Float64Array.from(truth, (value, row) => Math.abs(predicted[row] - value));
  return weightedMedian(errors, rankDescending(errors), weights);
}

/**
 * Coefficient of determination R² = 1 − Σ(truth − predicted)² / Σ(truth − mean)²: 1 is perfect, 0 is as
 * good as the mean, below 0 worse. NaN where the truth does not vary.
 */
export function rSquared(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  { weights }: Weighted = {},
): number {
  const { total, squaresTruth } = momentsOf(truth, predicted, weights);
  if (squaresTruth === 0) return Number.NaN;
  return 1 - (total * meanOf(truth, predicted, (error) => error * error, weights)) / squaresTruth;
}

/** The value with half of the weight on either side; midway between two where the halves part exactly. */
export function weightedMedian(
  values: ArrayLike<number>,
  { order }: Ranking,
  weights?: ArrayLike<number>,
): number {
  let total = 0;
  for (let row = 0; row < order.length; row++) total += weights ? weights[row] : 1;
  if (total === 0) return Number.NaN;
  let above = 0;
  let upper = Number.NaN;
  for (const row of order) {
    const weight = weights ? weights[row] : 1;
    if (weight === 0) continue;
    if (!Number.isNaN(upper)) return (upper + values[row]) / 2;
    above += weight;
    if (above * 2 > total) return values[row];
    if (above * 2 === total) upper = values[row];
  }
  return upper;
}

function meanOf(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  measure: (error: number) => number,
  weights?: ArrayLike<number>,
): number {
  let sum = 0;
  let total = 0;
  for (let row = 0; row < truth.length; row++) {
    const weight = weights ? weights[row] : 1;
    sum += weight * measure(predicted[row] - truth[row]);
    total += weight;
  }
  return sum / total;
}
